"""How numbers are written and plots are drawn, in every card and every report."""
