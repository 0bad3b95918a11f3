package config_test

import (
	"strings"
	"testing"

	"berth/internal/config"
)

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func faults(src config.Sources) string {
	_, out := config.Load(src)
	return out.String()
}

func TestStrongerSourcesWin(t *testing.T) {
	write(t, map[string]string{
		"one.tfvars": minimal + "max_size = 10\nmin_size = 3\ndesired_capacity = 4\nlog_retention_days = 30\n",
		"two.tfvars": "min_size = 5\ndesired_capacity = 5\nlog_retention_days = null",
	})
	c, f := config.Load(config.Sources{
		Files: []string{"one.tfvars", "two.tfvars"},
		Vars:  []string{"desired_capacity=6", "desired_capacity=7"},
		Environ: []string{
			"PATH=/bin", "TF_VAR_cluster=terraform", "BERTH_VAR_cluster=berth", "TF_VAR_nat=single", "BERTH_VAR_max_size=99", "TF_VAR_max_size=98",
			"TF_VAR_log_retention_days=7",
		},
	})
	if len(f) > 0 {
		t.Fatal(f)
	}
	if g := c.Groups[0]; g.Max != 10 || g.Min != 5 || g.Desired != 7 {
		t.Error("sizes", g.Min, g.Desired, g.Max)
	}
	if c.Cluster != "berth" || c.NAT != config.Single || c.LogRetentionDays != 30 {
		t.Error(c.Cluster, c.NAT, c.LogRetentionDays)
	}
}

func TestNullTakesAWeakerValueAway(t *testing.T) {
	write(t, map[string]string{"one.tfvars": minimal + "log_retention_days = 90", "two.tfvars": "log_retention_days = null"})
	c, f := config.Load(config.Sources{Files: []string{"one.tfvars", "two.tfvars"}})
	if len(f) > 0 || c.LogRetentionDays != 30 {
		t.Error(f, c)
	}
}

func TestListsAndMapsOutsideFilesAreHCL(t *testing.T) {
	c := load(t, minimal, `instance_type=["c7g.large", "c6g.large"]`, `tags={ team = "x" }`, `custom_userdata=echo "${HOME}" [1]`, "cluster_name=shop")
	if g := c.Groups[0]; len(g.InstanceTypes) != 2 || g.CustomUserData != `echo "${HOME}" [1]` {
		t.Error(g)
	}
	if len(c.Tags) != 1 || c.Cluster != "shop" {
		t.Error(c.Tags, c.Cluster)
	}
}

func TestAnAliasInAnotherSourceIsAnOverride(t *testing.T) {
	if c := load(t, minimal+`cluster = "a"`, "cluster_name=b"); c.Cluster != "b" {
		t.Error(c.Cluster)
	}
}

func TestTerraformsOtherVariablesAreIgnoredAndOurOwnAreNot(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": minimal})
	check(t, faults(config.Sources{Files: []string{"ecs.tfvars"}, Environ: []string{"TF_VAR_bucket=x", "BERTH_VAR_max_sise=3", "BERTH_VAR_=", "TF_VAR_"}}), `error: environment variable:1:11: max_sise is not a known setting [CFG011]
  1 | BERTH_VAR_max_sise=3
    |           ^^^^^^^^
hint: did you mean max_size?
`)
}

func TestFaultsOutsideFilesShowTheirSource(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": minimal})
	check(t, faults(config.Sources{
		Files: []string{"ecs.tfvars"},
		Vars: []string{
			"max_size", "=3", "vpc_cidr=ten", `tags={ a = b }`, `tags={ "a" }`, "tags=team=x", "ecs_logging=[\x00]", "ecs_logging=json-file,awslogs",
		},
		Environ: []string{"TF_VAR_min_size=", "BERTH_VAR_nat=both"},
	}), `error: environment variable:1:17: min_size must be a whole number, not "" [CFG012]
  1 | TF_VAR_min_size=
    |                 ^
hint: such as min_size = 2

error: environment variable:1:15: nat cannot be "both" [CFG017]
  1 | BERTH_VAR_nat=both
    |               ^^^^
hint: one of: per_az, single, none

error: --var:1:1: "max_size" is not name=value [CFG016]
  1 | max_size
    | ^^^^^^^^
hint: --var name=value

error: --var:1:1: "=3" is not name=value [CFG016]
  1 | =3
    | ^^
hint: --var name=value

error: --var:1:10: vpc_cidr cannot be "ten" [CFG022]
  1 | vpc_cidr=ten
    |          ^^^
  It is no CIDR block.
hint: a block is written address/bits, such as "10.0.0.0/16"

error: --var:1:12: b is no plain value: text stands in quotes [CFG009]
  1 | tags={ a = b }
    |            ^
  The file has no functions, variables or operators, so that it means the same everywhere.
hint: write "b"

error: --var:1:12: missing key/value separator [CFG007]
  1 | tags={ "a" }
    |            ^
  Expected an equals sign ("=") to mark the beginning of the attribute value.
hint: a setting is a line such as name = "text", name = 2, name = ["a", "b"] or name = { key = "text" }

error: --var:1:6: tags must be a map of text, not "team=x" [CFG012]
  1 | tags=team=x
    |      ^^^^^^
hint: such as tags = { team = "platform" }

error: --var: this is binary, no text: it has a zero byte at offset 13 [CFG005]
hint: save it as UTF-8 text, or name another file: berth validate -f FILE

error: --var:1:13: ecs_logging must be a list of text, not "json-file,awslogs" [CFG012]
  1 | ecs_logging=json-file,awslogs
    |             ^^^^^^^^^^^^^^^^^
hint: write ["json-file", "awslogs"]
`)
}

func TestEverythingMissingIsReportedAtOnce(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": "max_size = 3\n"})
	check(t, faults(config.Sources{Files: []string{"ecs.tfvars"}}), `error: ecs.tfvars: environment is missing [CFG013]
  What the cluster is for: acc, prod. The first part of every name. Letters, digits and hyphens, at most 32.
hint: add a line such as environment = "acc"

error: ecs.tfvars: aws_region is missing [CFG013]
  The region that everything is made in.
hint: add a line such as aws_region = "eu-west-1"

error: ecs.tfvars: availability_zones is missing [CFG013]
  The zones to spread over: at least two for an application load balancer, three for comfort.
hint: add a line such as availability_zones = ["eu-west-1a", "eu-west-1b"]
`)
}

func TestNoSourceAtAllMissesTheSame(t *testing.T) {
	_, f := config.Load(config.Sources{})
	if len(f) != 3 || f[0].Range != (config.Range{}) || f[0].Code != "CFG013" {
		t.Error(f)
	}
}

func TestFaultsComeInTheOrderOfTheInput(t *testing.T) {
	write(t, map[string]string{
		"one.tfvars": minimal + "min_size = 9\nnat = \"x\"\nvpc_cidr = \"10.0.0.0/8\"\n",
		"two.tfvars": "max_size = 1\nflux = 1\n",
	})
	_, f := config.Load(config.Sources{Files: []string{"one.tfvars", "two.tfvars"}, Vars: []string{"protect=perhaps"}})
	var got []string
	for _, one := range f {
		got = append(got, one.Range.String()+" "+one.Code)
	}
	check(t, strings.Join(got, "\n"), "one.tfvars:6:7 CFG017\none.tfvars:7:12 CFG025\ntwo.tfvars:1:12 CFG038\ntwo.tfvars:2:1 CFG011\n--var:1:9 CFG012")
}

func TestAFileThatCannotBeReadHidesWhatWouldBeMissing(t *testing.T) {
	write(t, map[string]string{"empty.tfvars": "# nothing\n", "broken.tfvars": "nat = \"single\"\nmax_size = \n", "block.tfvars": "cluster {\n}\n"})
	for file, want := range map[string]string{
		"nowhere.tfvars": "CFG001", "empty.tfvars": "CFG006", "broken.tfvars": "CFG007", "block.tfvars": "CFG008",
	} {
		_, f := config.Load(config.Sources{Files: []string{file}})
		if len(f) != 1 || f[0].Code != want {
			t.Error(file, f)
		}
	}
}

func TestABrokenLineHidesNoFaultBeforeIt(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": "nat = \"x\"\nmax_size = \n"})
	_, f := config.Load(config.Sources{Files: []string{"ecs.tfvars"}})
	if len(f) != 2 || f[0].Code != "CFG017" || f[1].Code != "CFG007" {
		t.Error(f)
	}
}

func TestTextFromTheFileCannotSteerTheTerminal(t *testing.T) {
	got := faultsOf(t, "\"\x1b]0;x\x07\" = 1\ncluster = \"\x1b[31m\" # \x1b[2J\nnat = \"\\u001b\"\ntags = { \"a\x1b\" = [] }\n")
	if strings.ContainsAny(got, "\x1b\x07") {
		t.Errorf("%q", got)
	}
}

func TestLongLinesAreCutAroundTheCaret(t *testing.T) {
	got := faultsOf(t, "tags = { "+strings.Repeat(`a = "b", `, 1000)+`c = [1], `+strings.Repeat(`d = "e", `, 1000)+"}")
	for line := range strings.Lines(got) {
		if len(line) > 320 {
			t.Fatalf("a line of %d bytes", len(line))
		}
	}
	if !strings.Contains(got, `c = [1]`) {
		t.Error(got)
	}
}

func TestCaretsStandUnderTabsAndAccents(t *testing.T) {
	check(t, faultsOf(t, "tags = {\n\tkey\t= \"e\u0301\", x = []\n}\n"), "error: ecs.tfvars:2:17: tags.x must be text, not a list [CFG012]\n"+
		"  2 | \tkey\t= \"e\u0301\", x = []\n"+
		"    | \t   \t           ^^\nhint: text stands in quotes: \"text\"\n")
}
