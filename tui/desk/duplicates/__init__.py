"""Customers seen here who may be one person: found, compared, merged."""
