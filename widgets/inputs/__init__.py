"""Typed inputs for forms that are filled without a mouse.

Each is a `ValueInput`: it has a `value`, says at any time what is wrong with it (`problem`), and tells of each change.
The one of several lines is in `widgets.inputs.area`, for those who need it: Textual's editor comes with it.
"""

from widgets.inputs.base import Value, ValueInput
from widgets.inputs.cascade import CascadeInput, CascadeNode
from widgets.inputs.choice import ChoiceInput, ChoicesInput
from widgets.inputs.contacts import ContactsInput
from widgets.inputs.line import (
    CounterInput,
    EmailInput,
    NumberInput,
    PercentInput,
    PhoneInput,
    TagsInput,
    TextInput,
    is_email,
    is_phone,
    tidy_address,
)
from widgets.inputs.messages import ENGLISH, Words
from widgets.inputs.moment import DateInput, DateTimeInput
from widgets.inputs.picker import PickOption
from widgets.inputs.readonly import ReadOnly

__all__ = [
    "ENGLISH",
    "CascadeInput",
    "CascadeNode",
    "ChoiceInput",
    "ChoicesInput",
    "ContactsInput",
    "CounterInput",
    "DateInput",
    "DateTimeInput",
    "EmailInput",
    "NumberInput",
    "PercentInput",
    "PhoneInput",
    "PickOption",
    "ReadOnly",
    "TagsInput",
    "TextInput",
    "Value",
    "ValueInput",
    "Words",
    "is_email",
    "is_phone",
    "tidy_address",
]
