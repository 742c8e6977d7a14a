"""Everything an agent can do, one method of `Desk` each: the only door from the screens and the command line down."""
