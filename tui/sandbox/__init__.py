"""A server that speaks the three vendors' dialects over one seeded SQLite file.

Written from the vendors' pages alone: it shares no code with the client that it is there to prove.
"""
