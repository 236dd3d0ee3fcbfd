package dev.tidemill.sql;

import org.apache.calcite.sql.parser.SqlParserPos;

/** A statement as it was written, to quote from. */
record Text(String sql) {

  /** What stands at this position, on one line; empty if the position is not in the text. */
  String at(SqlParserPos position) {
    int start = offset(position.getLineNum(), position.getColumnNum());
    int end = offset(position.getEndLineNum(), position.getEndColumnNum());
    if (start < 0 || end < start || end >= sql.length()) {
      return "";
    }
    return withoutParentheses(sql.substring(start, end + 1).replaceAll("\\s+", " "));
  }

  private static String withoutParentheses(String text) {
    if (!text.startsWith("(")) {
      return text;
    }
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i == text.length() - 1 ? text.substring(1, i).strip() : text;
      }
    }
    return text;
  }

  private int offset(int line, int column) {
    if (line < 1 || column < 1) {
      return -1;
    }
    int start = 0;
    for (int i = 1; i < line; i++) {
      start = sql.indexOf('\n', start) + 1;
      if (start == 0) {
        return -1;
      }
    }
    return start + column - 1;
  }
}
