"""Figures about the customers seen here and the work done, each bar of them a query that lists its customers."""
