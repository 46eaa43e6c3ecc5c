"""HTTP as a careful stranger speaks it: guarded, bounded, paced."""
