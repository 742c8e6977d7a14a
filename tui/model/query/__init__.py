"""The query language: one parser and one meaning, wherever customers are asked for by what is true of them.

    owner:me tag:VIP last<30d 客户等级:重要客户 sort:last

    query_names   the fields that a query may name: the customer's own, the tenant's, and what the desk knows
    operands      what a typed value means in a field: a text, a choice, a number, a span of time
    parser        text to a tree (`tree`), and what is wrong with it, where, and what would be right
    explain       the tree in words          completion    what could stand at the cursor
    field_values  the values that are compared, in the one form in which they are
    meaning       the tree's plain reading: who is meant, and in which order

The store answers the same tree over the directory (`tui.store.column_scan`), much faster; tests hold it to `meaning`.
"""
