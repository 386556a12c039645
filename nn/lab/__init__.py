"""The bug lab: documented bugs of backpropagation, and the checks that find them."""
