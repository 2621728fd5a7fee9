"""Sites: how politely they are treated, when they are left alone, and the cookies for them."""
