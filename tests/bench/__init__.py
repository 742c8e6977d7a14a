"""What kehu costs, measured: `uv run python -m tests.bench`.

Each thing stands against its yardstick, measured in the same run and in turns with it, several times; a table says how
both fared and whether the target is met. Nothing here judges in CI, where machines are as slow as they like: there it
runs small (`--quick`) to see that it works. What can be counted is a test of its own, beside what it is about.

    measure     a measurement, its target, and the table of them
    probe       a program on a pseudo-terminal, from outside
    setting     the folder, the environment, the servers and the data that programs are measured in
    terminal    start, bytes a key, time a key, idleness
    memory      what stays resident
    client      one page from the command line, many through the client layer
    batch       many remarks over a slow line
    search      a vendor's whole list into the directory, and what is found there
    directory   fills a directory past every network
    yardsticks  the programs that kehu is measured against
"""
