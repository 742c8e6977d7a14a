"""How a change goes out and what became of it: once, for one and for ten thousand, whoever asks for it.

form, command, batch, undo, merge, linked edit
    │ NewChange                                  on disk before a byte of it is sent
    ▼
queue    Outbox.record, Outbox.deliver           the way in; also what is sent again
    │ ids
    ▼
shares   Run: shares of the vendor's size, side by side, in each customer's order; gives up, is stopped, counts
    │ ids of one kind, as many as a call takes
    ▼
delivery Sender.call: claims them, calls, settles them with their entries in the journal
    │ claimed changes                   ▲ Sent: what became of each
    ▼                                   │
calls    the call to the vendor    result    by the answer, or by the error that came in its place
                                        │
readback the record is read again  ◀────┤
                                        ▼
         `Delivery` (`tui.desk.outcome`): all that screens and commands learn of one change, or of ten thousand
"""
