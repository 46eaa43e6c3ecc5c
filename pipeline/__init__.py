"""What is true: the pure stages of the flow, each fed with values and answering with values.

The folders are the flow, feed -> article -> mention -> event -> story; each imports only what stands
before it and the shared files beside this one. Nothing in here reads a clock, a socket, a file, the
environment or a random source: whatever varies is an argument.
"""
