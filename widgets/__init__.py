"""A kit of terminal widgets for Textual that know no customer."""
