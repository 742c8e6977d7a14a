"""Pairs of customers who may be one person: listed, compared, merged."""
