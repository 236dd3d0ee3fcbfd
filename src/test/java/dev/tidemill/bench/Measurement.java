package dev.tidemill.bench;

/**
 * One run.
 *
 * @param recordsPerSecond from the first record that was read to the commit of the last results
 * @param wholeRecordsPerSecond from the start of the program, with all that it has to set up
 * @param secondHalfRecordsPerSecond from the moment when half was read: the code is warm
 * @param drainSeconds from the moment when all was read
 * @param cpuSecondsPerMillion records; user and system, without the boot of the JVM
 * @param brokerCpuSecondsPerMillion what the broker used meanwhile
 * @param peakRssMb the largest resident set
 * @param seconds from the start of the program
 * @param foreignCpuSeconds used by other processes of the machine meanwhile
 * @param stealSeconds taken from the machine by others meanwhile
 */
record Measurement(
    double recordsPerSecond,
    double wholeRecordsPerSecond,
    double secondHalfRecordsPerSecond,
    double drainSeconds,
    double cpuSecondsPerMillion,
    double brokerCpuSecondsPerMillion,
    double peakRssMb,
    double seconds,
    double foreignCpuSeconds,
    double stealSeconds) {}
