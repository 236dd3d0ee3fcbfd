package dev.tidemill.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A statement as it was written, to quote from. */
record Text(String sql) {
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "'(?:[^']++|'')*+'|\"(?:[^\"]++|\"\")*+\"|--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

  /** The same with dots in strings and quoted names, and blanks for comments; as long. */
  String code() {
    var code = new StringBuilder(sql);
    Matcher matcher = NOT_CODE.matcher(sql);
    while (matcher.find()) {
      boolean comment = matcher.group().startsWith("-") || matcher.group().startsWith("/");
      for (int i = matcher.start(); i < matcher.end(); i++) {
        boolean mark = !comment && (i == matcher.start() || i == matcher.end() - 1);
        if (!mark && code.charAt(i) != '\n') {
          code.setCharAt(i, comment ? ' ' : '.');
        }
      }
    }
    return code.toString();
  }

  /** The place of a character that {@link #offset} finds. */
  SqlParserPos position(int offset) {
    int line = (int) sql.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
    return new SqlParserPos(line, offset - (sql.lastIndexOf('\n', offset - 1) + 1) + 1);
  }

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

  /** The index of a character; -1 if there is no such line. */
  int offset(int line, int column) {
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
