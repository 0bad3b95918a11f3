package sim_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

func open(t *testing.T, dir string) (*sim.Sim, *sim.Store, cloud) {
	t.Helper()
	s, st, err := sim.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, st, inside(s)
}

func state(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "world.json"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return b
}

// saved counts the VPCs in what the folder holds, whoever has it open.
func saved(t *testing.T, dir string) int {
	t.Helper()
	b := state(t, dir)
	if b == nil {
		return 0
	}
	return inside(sim.New(must[*world.World](t)(world.Load(b)))).vpcs(t)
}

func TestStoreKeepsTheWorldBetweenCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	s, st, c := open(t, dir)
	id := *must[*ec2.CreateVpcOutput](t)(c.createVPC()).Vpc.VpcId
	if err := errors.Join(s.Sleep(ctx(), time.Hour), st.Close(s)); err != nil {
		t.Fatal(err)
	}
	s, st, c = open(t, dir)
	defer func() { must[any](t)(nil, st.Close(s)) }()
	out := must[*ec2.DescribeVpcsOutput](t)(c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}))
	if len(out.Vpcs) != 1 || *out.Vpcs[0].VpcId != id || !s.Now().Equal(world.Epoch().Add(time.Hour)) {
		t.Errorf("found %+v at %v", out.Vpcs, s.Now())
	}
}

func TestSecondCommandIsRefusedAndNamesTheFirst(t *testing.T) {
	dir := t.TempDir()
	s, st, _ := open(t, dir)
	for _, again := range []func() error{
		func() error { _, _, err := sim.Open(dir); return err },
		func() error { return sim.Reset(dir) },
	} {
		err := again()
		locked, ok := errors.AsType[*sim.Locked](err)
		if !ok || locked.PID != os.Getpid() || locked.Dir != dir {
			t.Fatalf("the second one got %v", err)
		}
	}
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	s, st, _ = open(t, dir)
	if err := st.Close(s); err != nil {
		t.Errorf("closing: %v", err)
	}
}

func TestLockedSaysWho(t *testing.T) {
	for pid, want := range map[int]string{
		12: "the simulation in /d is in use by process 12",
		0:  "the simulation in /d is in use by another process",
	} {
		if got := (&sim.Locked{Dir: "/d", PID: pid}).Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStateIsTheOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sim")
	s, st, c := open(t, dir)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"": 0o700, "world.json": 0o600, "lock": 0o600} {
		if got := must[fs.FileInfo](t)(os.Stat(filepath.Join(dir, name))).Mode().Perm(); got != want {
			t.Errorf("%q has mode %o, want %o", name, got, want)
		}
	}
	if left := must[[]string](t)(filepath.Glob(filepath.Join(dir, "*.tmp"))); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestStateIsWrittenAfterABatchOfWrites(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	defer func() { must[any](t)(nil, st.Close(s)) }()
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if n := saved(t, dir); n != 0 {
		t.Errorf("%d VPCs are saved in the middle of a batch", n)
	}
	c.vpcs(t)
	if n := saved(t, dir); n != 2 {
		t.Errorf("%d VPCs are saved by the first read after the batch, want 2", n)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := s.Sleep(ctx(), time.Second); err != nil {
		t.Fatal(err)
	}
	if n := saved(t, dir); n != 3 {
		t.Errorf("%d VPCs are saved by a sleep, want 3", n)
	}
}

func TestReadsDoNotWriteTheState(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	c.vpcs(t)
	c.vpcs(t)
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	if b := state(t, dir); b != nil {
		t.Errorf("two reads wrote %d bytes", len(b))
	}
}

func TestDiceOfReadsAreKeptInBadWeather(t *testing.T) {
	dir := t.TempDir()
	var luck []string
	s, st, _ := open(t, dir)
	setWeather(s, world.Weather{Throttle: 0.5})
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		s, st, c := open(t, dir)
		_, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{})
		luck = append(luck, codeOf(err))
		if err := st.Close(s); err != nil {
			t.Fatal(err)
		}
	}
	if all := strings.Join(luck, ""); all == "" || all == strings.Repeat("RequestLimitExceeded", 20) {
		t.Errorf("twenty commands had the same luck: %v", luck)
	}
}

// What a read has shown is there after a crash, with everything that was there before it.
func TestCrashTakesNothingBackThatWasSeen(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	defer func() { must[any](t)(nil, st.Close(s)) }()
	for i := range 5 {
		must[*ec2.CreateVpcOutput](t)(c.createVPC())
		seen := c.vpcs(t)
		after := t.TempDir() // the folder as the crash leaves it, without the lock that dies with the process
		if err := os.WriteFile(filepath.Join(after, "world.json"), state(t, dir), 0o600); err != nil {
			t.Fatal(err)
		}
		s2, st2, c2 := open(t, after)
		if got := c2.vpcs(t); got != seen || seen != i+1 {
			t.Errorf("%d VPCs after a crash, %d were seen", got, seen)
		}
		if err := st2.Close(s2); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHalfWrittenStateIsNeverRead(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "world.json.tmp"), []byte(`{"Format":`), 0o644); err != nil {
		t.Fatal(err)
	}
	s, st, c = open(t, dir)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	if n := saved(t, dir); n != 2 {
		t.Errorf("%d VPCs are saved, want 2", n)
	}
	if mode := must[fs.FileInfo](t)(os.Stat(filepath.Join(dir, "world.json"))).Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o", mode)
	}
}

func TestStateThatCannotBeReplacedStays(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	c.vpcs(t)
	before := state(t, dir)
	if err := os.Mkdir(filepath.Join(dir, "world.json.tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "world.json.tmp", "in the way"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := st.Close(s); err == nil {
		t.Error("Close says nothing about a state that it could not write")
	}
	if !bytes.Equal(state(t, dir), before) {
		t.Error("the old state is gone")
	}
	if _, _, err := sim.Open(dir); err != nil {
		t.Errorf("the folder is locked for ever: %v", err)
	}
}

func TestStateOfAnotherVersionIsRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "world.json")
	for text, other := range map[string]bool{`{"Format":999}`: true, `garbage`: false} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := sim.Open(dir)
		if err == nil || errors.Is(err, world.ErrVersion) != other || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", text, err)
		}
		if err := sim.Reset(dir); err != nil {
			t.Errorf("the refused state cannot be reset: %v", err)
		}
	}
	s, st, c := open(t, dir)
	if n := c.vpcs(t); n != 0 {
		t.Errorf("%d VPCs after a reset", n)
	}
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
}

func TestResetForgetsTheWorld(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := errors.Join(s.Sleep(ctx(), time.Hour), st.Close(s), sim.Reset(dir), sim.Reset(dir)); err != nil {
		t.Fatal(err)
	}
	s, st, c = open(t, dir)
	if n := c.vpcs(t); n != 0 || !s.Now().Equal(world.Epoch()) {
		t.Errorf("%d VPCs at %v after a reset", n, s.Now())
	}
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	if err := sim.Reset(filepath.Join(dir, "nothing", "here")); err != nil {
		t.Errorf("resetting nothing: %v", err)
	}
	if err := sim.Reset(filepath.Join(dir, "lock")); err == nil {
		t.Error("a file is reset as if it were a folder")
	}
}

func TestClosedStoreIsWrittenNoMore(t *testing.T) {
	dir := t.TempDir()
	s, st, c := open(t, dir)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	c.vpcs(t)
	if n := saved(t, dir); n != 1 {
		t.Errorf("%d VPCs are saved after the folder was given back, want 1", n)
	}
}
