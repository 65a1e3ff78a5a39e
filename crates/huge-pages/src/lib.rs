//! Memory in huge pages, for a process that is busy for milliseconds.
//!
//! A process gets each page of its memory when it first touches it, and is interrupted for that. Where the kernel
//! runs in a virtual machine, an interruption takes about two microseconds: a quarter of the time in which a large
//! chart is rendered. Of huge pages (2 MiB instead of 4 KiB) there are few. Linux gives them to whom asks, unless
//! it gives them to all or to none (`/sys/kernel/mm/transparent_hugepage/enabled`), and glibc's allocator asks only
//! when the process was started with `GLIBC_TUNABLES=glibc.malloc.hugetlb=1`.
//!
//! [`reserve`] asks for what the allocator is about to give out. Elsewhere than on Linux with glibc it does
//! nothing.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
use std::sync::atomic::{AtomicUsize, Ordering};

/// Takes so many bytes for the allocations of this thread in huge pages. Memory that is not used then is not taken
/// from the machine.
///
/// The bytes are those of a block that is freed at once. Glibc maps large blocks on their own; when the first one is
/// freed, blocks up to its size come from the thread's heap from then on, and a heap gives back only more than twice
/// as much (`mallopt(3)`, `M_MMAP_THRESHOLD`; at most 32 MiB on 64 bits). So the second, smaller one leaves its place
/// to those that follow.
///
/// A process is helped with its first threads only: what the later ones need is in its heaps by then, and up to 2 MiB of
/// addresses are used up each time.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn reserve(bytes: usize) {
    let take = |left: usize| left.checked_sub(1);
    if LEFT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
        return;
    }
    let block = |bytes: usize| {
        let mut block = Vec::<u8>::new();
        // What cannot be reserved may still be enough.
        let _ = block.try_reserve_exact(bytes);
        block
    };
    // The compiler leaves out blocks of which it can see no use.
    drop(std::hint::black_box(block(bytes.saturating_add(HUGE_PAGE))));
    let mut block = block(bytes);
    let capacity = block.capacity();
    let start = block.as_mut_ptr();
    let before = start.align_offset(HUGE_PAGE);
    let length = capacity.saturating_sub(before) / HUGE_PAGE * HUGE_PAGE;
    if length > 0 {
        #[expect(unsafe_code, reason = "there is no safe way to advise about memory of the allocator")]
        // SAFETY: the range is within the block, which lives until after the call. The advice changes neither what
        // is in the memory nor who may use it (madvise(2), MADV_HUGEPAGE). Where it is refused, pages stay small.
        unsafe {
            libc::madvise(start.add(before).cast(), length, libc::MADV_HUGEPAGE);
        }
    }
    // What is in front of the first huge page stays taken, so that nothing is put there. It is never touched.
    block.shrink_to(before);
    std::mem::forget(std::hint::black_box(block));
}

/// Takes so many bytes for the allocations of this thread in huge pages, where that is known how.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn reserve(_bytes: usize) {}

/// How many threads may still be helped.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
static LEFT: AtomicUsize = AtomicUsize::new(8);

/// Bytes of a huge page on the usual machines. Where one is larger, the kernel finds no room for it in the range.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HUGE_PAGE: usize = 2 << 20;

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    /// Page faults of this thread so far that needed no disk: `minflt`, the tenth field (proc_pid_stat(5)).
    fn faults() -> Option<u64> {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
        stat.rsplit(')').next()?.split_whitespace().nth(7)?.parse().ok()
    }

    fn gives_huge_pages() -> bool {
        std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled")
            .is_ok_and(|enabled| !enabled.contains("[never]"))
    }

    fn pages() -> u64 {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        statm.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or_default()
    }

    /// One test, since what is reserved is counted for the whole process.
    #[test]
    fn the_first_threads_get_huge_pages() {
        let block = || std::hint::black_box(vec![1_u8; 100_000]);
        let few = std::thread::spawn(move || {
            reserve(16 << 20);
            let before = faults();
            let blocks: Vec<_> = (0..100).map(|_| block()).collect();
            assert!(blocks.iter().all(|block| block.len() == 100_000));
            Some(faults()? - before?)
        });
        // 10 MB are 2,441 small pages, and five huge ones.
        if let (Some(few), true) = (few.join().unwrap(), gives_huge_pages()) {
            assert!(few < 600, "{few} faults");
        }

        reserve(usize::MAX);
        reserve(0);
        assert_eq!(vec![7_u8; 1000], [7; 1000]);

        (0..8).for_each(|_| reserve(4 << 20));
        let before = pages();
        (0..100).for_each(|_| reserve(4 << 20));
        assert!(pages() < before + 10_000, "{} pages more", pages() - before);
    }
}
