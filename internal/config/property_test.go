package config_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
)

// blocks draws a VPC block that AWS accepts.
func blocks() *rapid.Generator[netip.Prefix] {
	return rapid.Custom(func(t *rapid.T) netip.Prefix {
		bits := rapid.IntRange(16, 28).Draw(t, "bits")
		second, third, fourth := rapid.Byte().Draw(t, "second"), rapid.Byte().Draw(t, "third"), rapid.Byte().Draw(t, "fourth")
		p, err := netip.AddrFrom4([4]byte{10, second, third, fourth}).Prefix(bits)
		if err != nil {
			t.Fatal(err)
		}
		return p
	})
}

// settings writes --var settings for n zones in a VPC.
func settings(vpc netip.Prefix, n int, more ...string) []string {
	var zones []string
	for i := range n {
		zones = append(zones, fmt.Sprintf("%q", "eu-west-1"+string(rune('a'+i))))
	}
	return append([]string{
		"environment=acc", "aws_region=eu-west-1", "vpc_cidr=" + vpc.String(),
		"availability_zones=[" + strings.Join(zones, ",") + "]", "load_balancers={}",
	}, more...)
}

func subnets(c *config.Config) []netip.Prefix {
	var out []netip.Prefix
	for _, z := range c.Zones {
		out = append(out, z.PublicCIDR, z.PrivateCIDR)
	}
	return out
}

func TestSafetyConventionalSubnetsLieInsideAndApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vpc, n := blocks().Draw(t, "vpc"), rapid.IntRange(1, 6).Draw(t, "zones")
		c, faults := config.Load(config.Sources{Vars: settings(vpc, n)})
		// Two parts of /27 or more for each zone, rounded up to a power of two, fit or they do not.
		parts := 2
		for parts < 2*n {
			parts *= 2
		}
		if room := 1 << (27 - min(27, vpc.Bits())); (parts <= room) != (len(faults) == 0) {
			t.Fatalf("%s for %d zones: %s", vpc, n, faults)
		}
		if c == nil {
			if len(faults) != 1 || faults[0].Code != "CFG032" {
				t.Fatal(faults)
			}
			return
		}
		all := subnets(c)
		if len(all) != 2*n {
			t.Fatal(all)
		}
		for i, a := range all {
			if !vpc.Contains(a.Addr()) || a.Bits() < vpc.Bits() || a.Bits() > 27 || a.Masked() != a {
				t.Fatal(a, "does not lie in", vpc)
			}
			for _, b := range all[:i] {
				if a.Overlaps(b) {
					t.Fatal(a, b, "overlap")
				}
			}
		}
	})
}

func TestSafetyGivenSubnetsAreAcceptedExactlyWhenTheyFit(t *testing.T) {
	vpc := prefix("10.0.0.0/16")
	rapid.Check(t, func(t *rapid.T) {
		block := rapid.Custom(func(t *rapid.T) netip.Prefix {
			bits := rapid.IntRange(18, 30).Draw(t, "bits")
			p, _ := netip.AddrFrom4([4]byte{10, rapid.SampledFrom([]byte{0, 0, 0, 0, 1}).Draw(t, "b"), rapid.Byte().Draw(t, "c"), rapid.Byte().Draw(t, "d")}).Prefix(bits)
			return p
		})
		n := rapid.IntRange(1, 3).Draw(t, "zones")
		public := rapid.SliceOfN(block, n, n).Draw(t, "public")
		private := rapid.SliceOfN(block, n, n).Draw(t, "private")
		c, faults := config.Load(config.Sources{Vars: settings(vpc, n, "public_subnet_cidrs="+list(public), "private_subnet_cidrs="+list(private))})
		all := slices.Concat(public, private)
		fits := true
		for i, a := range all {
			fits = fits && a.Bits() <= 28 && vpc.Contains(a.Addr())
			for _, b := range all[:i] {
				fits = fits && !a.Overlaps(b)
			}
		}
		if fits != (c != nil) {
			t.Fatal(all, faults)
		}
	})
}

func list(blocks []netip.Prefix) string {
	var out []string
	for _, b := range blocks {
		out = append(out, fmt.Sprintf("%q", b))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func TestSafetySizesOfAConfigAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vars := settings(prefix("10.0.0.0/16"), rapid.IntRange(1, 6).Draw(t, "zones"))
		for _, name := range []string{"min_size", "desired_capacity", "max_size"} {
			if rapid.Bool().Draw(t, name+" is given") {
				vars = append(vars, fmt.Sprintf("%s=%d", name, rapid.IntRange(-1, 5002).Draw(t, name)))
			}
		}
		c, faults := config.Load(config.Sources{Vars: vars})
		if c == nil {
			for _, f := range faults {
				if f.Code != "CFG038" && f.Code != "CFG039" {
					t.Fatal(faults)
				}
			}
			return
		}
		if g := c.Groups[0]; g.Min < 0 || g.Min > g.Desired || g.Desired > g.Max || g.Max > 5000 {
			t.Fatal(vars, g.Min, g.Desired, g.Max)
		}
	})
}

func FuzzLoadNeverPanics(f *testing.F) {
	paths, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range append(paths, "../../ecs.tfvars") {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		for part := range strings.SplitSeq(string(text), "\n-- ") {
			_, body, _ := strings.Cut(part, "--\n")
			f.Add([]byte(body))
		}
	}
	file := filepath.Join(f.TempDir(), "ecs.tfvars")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, src := range []config.Sources{
			{Files: []string{file}, Environ: base()},
			{Vars: []string{string(text), "tags=" + string(text)}, Environ: []string{string(text), "TF_VAR_instance_type=" + string(text)}},
		} {
			c, faults := config.Load(src)
			if faults.Failed() == (c != nil) {
				t.Fatal("there is a Config exactly when there is no error")
			}
			for _, one := range faults {
				if _, known := config.Explain(one.Code); !known || one.Summary == "" || one.String() == "" {
					t.Fatalf("%+v", one)
				}
			}
		}
	})
}
