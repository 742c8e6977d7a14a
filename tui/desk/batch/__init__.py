"""Many remarks or follow-ups at once: from a file, or on all customers that are marked.

A file is read (`import_file`, `file_columns`, `cell_reader`, `items`), and its customers are found (`recipients`). A
plan says what would be sent and what refused (`plan`, `planning`). Then it is recorded (`sending`) and goes out as any
change does (`tui.desk.outbox`), and a summary tells what became of it (`summary`).

When a row goes out by itself, and when only because a person says so:

- A row is recorded before it is sent. While it is *pending*, not a byte of it has left: sending it cannot double
  anything, whatever it is. The person who started the batch has asked for it, so a batch that a crash, a reboot or a
  lost line interrupted goes on by itself: when the desk is opened next, which says so, when another change reaches the
  vendor again, and when the same file is sent again.
- A person who stops a batch (Ctrl-C) has taken that word back. What is not on its way by then is no longer pending: it
  is *failed*, as stopped, and goes out only when a person asks for it: by the same file again, or by a retry.
- A row of which nobody knows whether it arrived is sent again by itself only where twice is as good as once: a remark,
  never a follow-up. The same file again does not send it; a retry that says yes does.

The same file is known by what is in it, so that its rows are never recorded twice: what the vendor has is passed over,
what waits or failed is sent. A follow-up with a time of its own is also known when it comes in another file. Sending
all of it once more takes a word of its own (`--again`).
"""
