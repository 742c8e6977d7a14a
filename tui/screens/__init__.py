"""The main screen's panes and the modal forms. They bind widgets to the Desk and hold no rule of a vendor."""
