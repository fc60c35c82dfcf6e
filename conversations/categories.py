"""Where in life a scenario belongs."""

from django.db.models import TextChoices


class Category(TextChoices):
    TRAVEL = "travel", "Travel"
    RESTAURANT = "restaurant", "Restaurant"
    SHOPPING = "shopping", "Shopping"
    BUSINESS = "business", "Business"
    HEALTHCARE = "healthcare", "Healthcare"
    SOCIAL = "social", "Social life"
    EMERGENCY = "emergency", "Emergencies"
    EDUCATION = "education", "Education"
    DAILY_LIFE = "daily-life", "Daily life"
    HOBBIES = "hobbies", "Hobbies"
