from progress.models.learning_progress import LearningProgress
from progress.models.study_day import StudyDay

__all__ = ["LearningProgress", "StudyDay"]
