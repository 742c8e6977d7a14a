"""How a change goes out and what became of it: queue, delivery, result, once for one and for ten thousand."""
