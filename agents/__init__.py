"""What happens: the Faust app, its stages, clocks, transports, tables and the command line.

No rule about news lives here; an `if` about content belongs one room down, in `pipeline`.
"""
