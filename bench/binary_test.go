package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// mostBytes is what the stripped binary may weigh. Were the linker no longer able to leave out the methods that nobody
// calls, for instance because something reaches text/template's way to call methods by name, it would be twice as much.
const mostBytes = 52 << 20

// workshop is a folder for the binary, as long as the tests run.
var workshop string

// binary is berth as go build makes it, stripped; it is built once.
var binary = sync.OnceValues(func() (string, error) {
	name := filepath.Join(workshop, "berth")
	out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", name, "../cmd/berth").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return name, nil
})

func TestMain(m *testing.M) {
	var err error
	if workshop, err = os.MkdirTemp("", "berth-bench-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(workshop) // it is the system's temporary folder
	os.Exit(code)
}

func TestTheLinkerLeavesOutWhatNobodyCalls(t *testing.T) {
	if testing.Short() {
		t.Skip("linking takes some seconds")
	}
	if n := size(t); n > mostBytes {
		t.Errorf("the stripped binary has %d bytes, at most %d", n, mostBytes)
	}
}

// BenchmarkBinary weighs the binary as go build strips it, and as `make release` makes it. The latter has flags of its
// own, and compiles everything once more.
func BenchmarkBinary(b *testing.B) {
	release := filepath.Join(workshop, "release")
	if out, err := exec.Command("make", "-C", "..", "release", "OUT="+release).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		b.ReportMetric(float64(size(b))/(1<<20), "MiB")
		b.ReportMetric(float64(weigh(b, release))/(1<<20), "MiB-release")
	}
	b.ReportMetric(0, "ns/op")
}

// size is the weight of the stripped binary.
func size(tb testing.TB) int64 {
	tb.Helper()
	name, err := binary()
	if err != nil {
		tb.Fatal(err)
	}
	return weigh(tb, name)
}

func weigh(tb testing.TB, name string) int64 {
	tb.Helper()
	info, err := os.Stat(name)
	if err != nil {
		tb.Fatal(err)
	}
	return info.Size()
}

func BenchmarkHelp(b *testing.B) {
	var times []time.Duration
	for b.Loop() {
		times = append(times, start(b, "--help").wait(b).took)
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(times[len(times)-1].Microseconds())/1000, "ms-slowest")
	b.ReportMetric(0, "ns/op")
}

// process is one run of the binary.
type process struct {
	cmd   *exec.Cmd
	out   bytes.Buffer
	began time.Time
	peak  chan int // MiB
}

// usage is what a run of the binary took.
type usage struct {
	took, cpu time.Duration
	peak      int // the most memory that it had in use, MiB
	out       string
}

// start runs the binary on the example file, with credentials that mean nothing.
func start(tb testing.TB, args ...string) *process {
	tb.Helper()
	name, err := binary()
	if err != nil {
		tb.Fatal(err)
	}
	p := &process{cmd: exec.Command(name, args...), peak: make(chan int, 1)}
	p.cmd.Dir = ".."
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + tb.TempDir(), "AWS_ACCESS_KEY_ID=bench", "AWS_SECRET_ACCESS_KEY=bench"}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { p.peak <- watch(p.cmd.Process.Pid) }()
	return p
}

// wait is done when the run is.
func (p *process) wait(tb testing.TB) usage {
	tb.Helper()
	err := p.cmd.Wait()
	took := time.Since(p.began)
	if err != nil {
		tb.Fatalf("berth %s: %v\n%s", strings.Join(p.cmd.Args[1:], " "), err, &p.out)
	}
	s := p.cmd.ProcessState
	return usage{took, s.UserTime() + s.SystemTime(), <-p.peak, p.out.String()}
}

// watch reads the most memory that a process had in use until it ends, in MiB. What the kernel says of it in the end
// would begin with the memory of the process that started it.
func watch(pid int) int {
	peak := 0
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return peak
		}
		_, rest, found := strings.Cut(string(status), "VmHWM:")
		if !found {
			return peak // it has ended
		}
		kib, err := strconv.Atoi(strings.Fields(rest)[0])
		if err == nil {
			peak = max(peak, (kib+512)/1024)
		}
		time.Sleep(2 * time.Millisecond)
	}
}
