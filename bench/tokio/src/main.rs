//! The workloads of bench/run in tokio: WORKLOAD PROCS. Warm-up, output and time limit are as in Bench.java. A
//! goroutine is a task, a channel tokio's mpsc, which has room for one element at least and a single consumer: hand-offs
//! go through one of capacity 1, and workloads with several consumers are not here.

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot, watch, Mutex};
use tokio::task;

/// As elsewhere three, of which the median counts; one where times mean nothing.
fn rounds() -> usize {
    if scale() < 0.05 {
        1
    } else {
        3
    }
}

fn number(name: &str, otherwise: f64) -> f64 {
    match env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().expect(name),
        _ => otherwise,
    }
}

fn scale() -> f64 {
    number("SCALE", 1.0)
}

fn scaled(n: u64) -> u64 {
    ((n as f64 * scale()) as u64).max(1)
}

fn check(ok: bool) {
    if !ok {
        eprintln!("wrong result");
        std::process::exit(1);
    }
}

fn show(metric: &str, value: f64) {
    println!("{} {:.1}", metric, value);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    values[values.len() / 2]
}

/// A number after a name in a file of /proc/self, 0 where there is none.
fn status(name: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with(name)).unwrap_or("");
    let digits: String = line.chars().filter(|c| c.is_ascii_digit()).collect();
    digits.parse::<f64>().unwrap_or(0.0) * 1024.0
}

/// CPU time of all threads, in nanoseconds, to a hundredth of a second.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or("");
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|w| w.parse::<f64>().ok()).sum();
    ticks * 1e7
}

/// Rounds until the time is over and there were three, but not three times as long.
fn warm_up(seconds: f64, round: &mut dyn FnMut()) {
    let least = seconds * scale().min(1.0);
    let start = Instant::now();
    for i in 0.. {
        let past = start.elapsed().as_secs_f64();
        if i > 0 && (past >= 3.0 * least || (i >= 3 && past >= least)) {
            return;
        }
        round();
    }
}

fn timed(seconds: f64, round: &mut dyn FnMut()) -> (f64, f64) {
    warm_up(seconds, round);
    let (mut times, mut cpus) = (vec![], vec![]);
    for _ in 0..rounds() {
        let (c, t) = (cpu(), Instant::now());
        round();
        times.push(t.elapsed().as_nanos() as f64);
        cpus.push(cpu() - c);
    }
    (median(times), median(cpus))
}

fn measure_as(suffix: &str, operations: u64, mut round: impl FnMut()) {
    let warm = number("WARMUP", 2.0) * if suffix.is_empty() { 1.0 } else { 0.5 };
    let (nanos, cpus) = timed(warm, &mut round);
    show(&format!("ns{}", suffix), nanos / operations as f64);
    show(&format!("cpu_ns{}", suffix), cpus / operations as f64);
}

fn measure(operations: u64, round: impl FnMut()) {
    measure_as("", operations, round);
}

fn percentiles(mut late: Vec<Duration>) {
    late.sort();
    let n = late.len();
    for (name, i) in [("p50_us", n / 2), ("p99_us", n * 99 / 100), ("p999_us", n * 999 / 1000), ("max_us", n - 1)] {
        show(name, late[i].as_nanos() as f64 / 1e3);
    }
}

/// Runs it as a task and waits, as main is a goroutine in Go.
fn on<T: Send + 'static>(rt: &Runtime, main: impl std::future::Future<Output = T> + Send + 'static) -> T {
    rt.block_on(async { task::spawn(main).await.unwrap() })
}

fn spawn(rt: &Runtime, n: u64) {
    measure(n, || {
        on(rt, async move {
            let count = Arc::new(AtomicU64::new(0));
            let (done, mut ended) = mpsc::channel::<()>(1);
            for _ in 0..n {
                let (count, done) = (count.clone(), done.clone());
                task::spawn(async move {
                    count.fetch_add(1, Ordering::Relaxed);
                    drop(done);
                });
            }
            drop(done);
            check(ended.recv().await.is_none()); // when the last sender is gone
            check(count.load(Ordering::Relaxed) == n);
        })
    });
}

fn pingpong(rt: &Runtime, n: u64) {
    measure(n, || {
        on(rt, async move {
            let (to_ping, mut ping) = mpsc::channel::<u64>(1);
            let (to_pong, mut pong) = mpsc::channel::<u64>(1);
            task::spawn(async move {
                while let Some(v) = ping.recv().await {
                    to_pong.send(v).await.unwrap();
                }
            });
            for i in 0..n {
                to_ping.send(i).await.unwrap();
                check(pong.recv().await == Some(i));
            }
        })
    });
}

fn yields(rt: &Runtime, tasks: u64, n: u64) {
    measure(tasks * n, || {
        on(rt, async move {
            let all: Vec<_> = (0..tasks)
                .map(|_| {
                    task::spawn(async move {
                        for _ in 0..n {
                            task::yield_now().await;
                        }
                        n
                    })
                })
                .collect();
            let mut sum = 0;
            for t in all {
                sum += t.await.unwrap();
            }
            check(sum == tasks * n);
        })
    });
}

fn ring(rt: &Runtime, links: u64, laps: u64) {
    measure(links * laps, || {
        on(rt, async move {
            let (first, mut from) = mpsc::channel::<u64>(1);
            for _ in 0..links {
                let (to, next) = mpsc::channel::<u64>(1);
                let mut mine = std::mem::replace(&mut from, next);
                task::spawn(async move {
                    while let Some(v) = mine.recv().await {
                        to.send(v + 1).await.unwrap();
                    }
                });
            }
            let mut token = 0;
            for _ in 0..laps {
                first.send(token).await.unwrap();
                token = from.recv().await.unwrap();
            }
            check(token == links * laps);
        })
    });
}

fn mutex(rt: &Runtime, n: u64) {
    measure(64 * n, || {
        on(rt, async move {
            let count = Arc::new(Mutex::new(0u64));
            let all: Vec<_> = (0..64)
                .map(|_| {
                    let count = count.clone();
                    task::spawn(async move {
                        for _ in 0..n {
                            *count.lock().await += 1;
                        }
                    })
                })
                .collect();
            for t in all {
                t.await.unwrap();
            }
            check(*count.lock().await == 64 * n);
        })
    });
}

/// Of producers and one consumer; tokio's channel has no second one, and a capacity.
fn chans(rt: &Runtime, producers: u64) {
    let n = (scaled(400_000) / 16 * 16).max(16);
    for capacity in [1usize, 16, 100, 1000] {
        measure_as(&format!("_{}", capacity), n, || {
            on(rt, async move {
                let (to, mut from) = mpsc::channel::<u64>(capacity);
                for p in 0..producers {
                    let to = to.clone();
                    task::spawn(async move {
                        let mut i = p;
                        while i < n {
                            to.send(i).await.unwrap();
                            i += producers;
                        }
                    });
                }
                drop(to);
                let mut sum = 0;
                while let Some(v) = from.recv().await {
                    sum += v;
                }
                check(sum == n * (n - 1) / 2);
            })
        });
    }
}

fn sleep_time(i: u64) -> Duration {
    Duration::from_secs(1) + Duration::from_micros(i * 7919 % 1000 * 100)
}

fn sleepers(rt: &Runtime, n: u64) {
    let longest = (0..n.min(1000)).map(sleep_time).max().unwrap();
    let mut round = || {
        on(rt, async move {
            let all: Vec<_> = (0..n).map(|i| task::spawn(tokio::time::sleep(sleep_time(i)))).collect();
            let mut count = 0;
            for t in all {
                t.await.unwrap();
                count += 1;
            }
            check(count == n);
        })
    };
    let (nanos, cpus) = timed(number("WARMUP", 2.0), &mut round);
    check(nanos >= longest.as_nanos() as f64);
    show("over_ms", (nanos - longest.as_nanos() as f64) / 1e6);
    show("cpu_ms", cpus / 1e6);
}

fn tick(rt: &Runtime, hogs: u64, ticks: u64) -> Vec<Duration> {
    let n = scaled(ticks);
    on(rt, async move {
        let start = Instant::now();
        let end = start + Duration::from_millis(n);
        let ticker = task::spawn(async move {
            let due = |i: u64| start + Duration::from_millis(i + 1);
            let mut late = vec![];
            while (late.len() as u64) < n {
                tokio::time::sleep_until(due(late.len() as u64).into()).await;
                let now = Instant::now();
                while (late.len() as u64) < n && due(late.len() as u64) <= now {
                    late.push(now - due(late.len() as u64)); // a tick that was skipped counts as late
                }
            }
            late
        });
        for _ in 0..hogs {
            task::spawn(async move { while Instant::now() < end {} });
        }
        ticker.await.unwrap()
    })
}

fn parked(rt: &Runtime, n: u64) {
    let before = status("VmRSS:");
    on(rt, async move {
        let (gate, watched) = watch::channel(false);
        let (parked, mut count) = mpsc::unbounded_channel::<()>();
        let mut all = Vec::with_capacity(n as usize);
        for _ in 0..n {
            let (mut gate, parked) = (watched.clone(), parked.clone());
            all.push(task::spawn(async move {
                parked.send(()).unwrap();
                check(gate.changed().await.is_ok());
            }));
        }
        for _ in 0..n {
            count.recv().await.unwrap();
        }
        let each = (status("VmRSS:") - before) / n as f64;
        // There is no collector: what is live is what was allocated, which nobody counts.
        show("live_bytes", each);
        show("rss_bytes", each);
        show("parked_millions", n as f64 / 1e6);
        show("millions_in_20gb", 20e3 / each);
        gate.send(true).unwrap();
        for t in all {
            t.await.unwrap();
        }
    });
}

fn fib(n: u64) -> std::pin::Pin<Box<dyn std::future::Future<Output = u64> + Send>> {
    Box::pin(async move {
        if n < 2 {
            return n;
        }
        let (to, left) = oneshot::channel();
        task::spawn(async move {
            let _ = to.send(fib(n - 1).await);
        });
        let right = fib(n - 2).await;
        left.await.unwrap() + right
    })
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let procs: usize = args[2].parse().expect("PROCS");
    let limit = number("LIMIT", 300.0);
    thread::spawn(move || {
        thread::sleep(Duration::from_secs_f64(limit));
        eprintln!("no result after {} s", limit);
        std::process::exit(124);
    });
    let rt = Builder::new_multi_thread().worker_threads(procs).enable_time().build().unwrap();
    match args[1].as_str() {
        "spawn" => spawn(&rt, scaled(1_000_000)),
        "forkjoin" => {
            let times = scaled(20);
            measure(times * 10_945, || {
                on(&rt, async move {
                    for _ in 0..times {
                        check(fib(20).await == 6765);
                    }
                })
            });
        }
        "pingpong" => pingpong(&rt, scaled(500_000)),
        "yield" => yields(&rt, 2 * procs as u64, scaled(500_000)),
        "ring" => ring(&rt, 1000, scaled(500)),
        "mutex" => mutex(&rt, scaled(20_000)),
        "sleepers" => sleepers(&rt, scaled(1_000_000)),
        "ticker" => {
            tick(&rt, 4 * procs as u64, 2000);
            percentiles(tick(&rt, 4 * procs as u64, 5000));
        }
        "parked" => parked(&rt, scaled(1_000_000)),
        "chan11" => chans(&rt, 1),
        "chann1" => chans(&rt, 4),
        _ => println!("none 0"),
    }
    std::process::exit(0); // without waiting for what is left
}
