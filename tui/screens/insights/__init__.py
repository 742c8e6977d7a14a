"""Figures about customers and work, each bar of which lists its customers."""
