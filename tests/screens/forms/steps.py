"""What agents do in forms, as several tests do it."""

from __future__ import annotations

from tests.screens.driving import Agent


async def begin_customer(agent: Agent) -> None:
    """Type the name of a new customer into the form that creates one."""
    await agent.press("c")
    await agent.until("Create a customer")
    await agent.type("Test Person")


async def save_one_change(agent: Agent) -> None:
    """Send an edit of one field from its form."""
    await agent.press("ctrl+s")
    await agent.until("Save 1 change")
    await agent.press("enter")
