"""The team's server: what the vendors will not give back, kept once for all desks, over PostgreSQL or one SQLite file.

    listening     sockets, TLS, signals: `kehu team serve`       asgi        the app: who calls what, and what is wrong
    endpoints     a call, what it takes and answers              openapi     the same for people and programs to read
    wire_models   the shapes on the wire, and refusals           limits      sizes and rates
    engine        the database: transactions, clock, sequences   team_tables the tables; migrations/ how they came about
    people        members, codes, tokens                         entries     the journal, and a customer's history
    feed          what is new, to every desk                     claims      who is there, and whose a customer is

It keeps no state of its own: several of it may run on several hosts over one PostgreSQL.
"""
