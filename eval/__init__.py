"""The measure: question sets, metrics, and a runner that scores an index of ours on them."""
