from progress.models.goal import Goal
from progress.models.learning_progress import LearningProgress
from progress.models.study_day import StudyDay

__all__ = ["Goal", "LearningProgress", "StudyDay"]
