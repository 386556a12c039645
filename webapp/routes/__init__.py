"""The addresses that the server answers: parse, call one service, render."""
