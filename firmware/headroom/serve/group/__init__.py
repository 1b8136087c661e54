"""What do I say to other chargers? A group's frames on the bus, as a member and as its leader; imports terms, guard, law."""
