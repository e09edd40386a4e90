export type { Outcome } from './accounts/account-for.js';
export type { Course, CourseFigures } from './course.js';
export { courses } from './courses.js';
export { type CourseResult, runCourses } from './run-courses.js';
