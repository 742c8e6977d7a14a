"""The steps, each with the one before it as its `down_revision`."""
