/** What a display board says of itself. */
import { text } from './text.ts';

export const boardText = {
  nothing: text('Hiện chưa có thông báo', 'No current notices'),
  noTime: text('Bảng chưa biết giờ', 'The time is not known here'),
  notice: text('Thông báo', 'Notice'),
  warning: text('Cảnh báo', 'Warning'),
  event: text('Sự kiện', 'Event'),
  alert: text('Khẩn cấp', 'Emergency'),
  test: text('Thử bảng', 'Screen test'),
};
