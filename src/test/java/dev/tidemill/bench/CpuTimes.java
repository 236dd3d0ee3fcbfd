package dev.tidemill.bench;

/**
 * CPU seconds, at one moment or since another.
 *
 * @param self this process
 * @param broker the broker's
 * @param busy the whole machine, without {@code steal}
 * @param steal what the hypervisor gave to others, of all CPUs together
 */
record CpuTimes(double self, double broker, double busy, double steal) {

  static CpuTimes now(long brokerPid) {
    return new CpuTimes(
        Proc.cpuSeconds(ProcessHandle.current().pid()),
        Proc.cpuSeconds(brokerPid),
        Proc.busySeconds(),
        Proc.stealSeconds());
  }

  CpuTimes since(CpuTimes before) {
    return new CpuTimes(
        self - before.self, broker - before.broker, busy - before.busy, steal - before.steal);
  }

  /** What other processes of this machine used: nearly nothing if it is idle otherwise. */
  double foreign() {
    return Math.max(0, busy - self - broker);
  }
}
