"""Typed inputs for forms that are filled without a mouse.

Each is a `ValueInput`: it has a `value`, says at any time what is wrong with it (`problem`), and tells of each change.
The one of several lines is in `widgets.inputs.area`, for those who need it: Textual's editor comes with it.
"""

from widgets.inputs.address import EmailInput, PhoneInput, is_email, is_phone, tidy_address
from widgets.inputs.base import Value, ValueInput
from widgets.inputs.cascade import CascadeInput, CascadeNode
from widgets.inputs.choice import ChoiceInput, ChoicesInput
from widgets.inputs.contacts import ContactsInput
from widgets.inputs.line import CounterInput, TextInput
from widgets.inputs.moment import DateInput, DateTimeInput
from widgets.inputs.number import NumberInput, PercentInput
from widgets.inputs.options import Choice
from widgets.inputs.readonly import ReadOnly
from widgets.inputs.tags import TagsInput
from widgets.inputs.words import ENGLISH, Words

__all__ = [
    "ENGLISH",
    "CascadeInput",
    "CascadeNode",
    "Choice",
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
