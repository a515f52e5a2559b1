"""FollowTheMoney JSON lines (`ftm`), as OpenSanctions and others publish lists."""
