"""What the lessons share: sources of numbers, the figure, marks in the text."""
