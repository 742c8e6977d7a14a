"""What a field takes, whichever vendor it is of: names looked up, typed texts read, values checked before sending.

The rules are those of the field configuration (`FieldSpec`); the shapes of a value are in `tui.client.models`.
"""

from tui.client.service import CUSTOM
from tui.client.values.checks import check_values
from tui.client.values.names import custom_code, find_field
from tui.client.values.typed import parse_value

__all__ = ["CUSTOM", "check_values", "custom_code", "find_field", "parse_value"]
