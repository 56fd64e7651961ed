package dev.raddle.http;

/**
 * A registered pattern.
 *
 * @param pattern what it stands for
 * @param handler what answers
 */
record Route(Pattern pattern, Handler handler) {}
