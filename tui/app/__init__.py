"""The composition: where configuration, store, client and desk are put together and the screen is started."""
