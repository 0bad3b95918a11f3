package dst

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyFile draws a configuration: a VPC, zones, NAT gateways, groups, load balancers, tags, sizes.
func anyFile(t *rapid.T) string {
	zones := rapid.SampledFrom([]string{`"eu-west-1a", "eu-west-1b"`, `"eu-west-1a", "eu-west-1b", "eu-west-1c"`, `"eu-west-1b", "eu-west-1c"`}).Draw(t, "zones")
	lines := []string{
		`environment = "acc"`, `aws_region = "eu-west-1"`, fmt.Sprintf("availability_zones = [%s]", zones),
		fmt.Sprintf("nat = %q", rapid.SampledFrom([]string{"per_az", "single", "none"}).Draw(t, "nat")),
		fmt.Sprintf("vpc_cidr = %q", rapid.SampledFrom([]string{"10.0.0.0/16", "10.0.0.0/16", "10.9.0.0/16"}).Draw(t, "vpc")),
		fmt.Sprintf("instance_group = %q", rapid.SampledFrom([]string{"default", "default", "other"}).Draw(t, "group")),
		fmt.Sprintf("flow_logs = %q", rapid.SampledFrom([]string{"none", "cloudwatch"}).Draw(t, "flow logs")),
		fmt.Sprintf("instance_type = %q", rapid.SampledFrom([]string{"t3.small", "m7i.large"}).Draw(t, "type")),
		"min_size = 1", "max_size = 4", fmt.Sprintf("desired_capacity = %d", rapid.IntRange(1, 3).Draw(t, "desired")),
		fmt.Sprintf("managed_scaling = %v", rapid.Bool().Draw(t, "managed")),
		fmt.Sprintf("log_retention_days = %d", rapid.SampledFrom([]int{14, 30}).Draw(t, "retention")),
	}
	lines = append(lines, rapid.SampledFrom([]string{
		"", `ami_family = "bottlerocket"`, `ami_family = "al2"`, "volume = { size_gib = 60, throughput = 200 }",
		`ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"`,
		`ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4g"`,
		"spot = true\non_demand_base = 1\non_demand_percentage = 50",
	}).Draw(t, "instances"))
	balancers := []string{}
	for _, one := range []string{"public = {}", `inside = { scheme = "internal" }`, `legacy = { type = "classic" }`} {
		if rapid.Bool().Draw(t, one) {
			balancers = append(balancers, one)
		}
	}
	lines = append(lines, "load_balancers = { "+strings.Join(balancers, ", ")+" }")
	if rapid.Bool().Draw(t, "batch") {
		lines = append(lines, fmt.Sprintf(`instance_groups = { batch = { instance_type = "m7g.large", spot = %v, max_size = 2 } }`, rapid.Bool().Draw(t, "spot")))
	}
	if rapid.Bool().Draw(t, "tags") {
		lines = append(lines, fmt.Sprintf("tags = { team = %q }", rapid.SampledFrom([]string{"platform", "shop"}).Draw(t, "team")))
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestSafetyASecondPlanIsEmptyAfterAnySequenceOfFiles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := NewRig(rapid.Uint64().Draw(rt, "seed"))
		var last string
		for i := range rapid.IntRange(1, 4).Draw(rt, "files") {
			last = anyFile(rt)
			c := Load(t, last)
			if err := r.Apply(c); err != nil {
				rt.Fatalf("file %d cannot be applied: %v\n%s", i+1, err, last)
			}
			r.Settle()
			s, err := r.Survey(c)
			if err != nil {
				rt.Fatal(err)
			}
			if !s.Plan.Empty() {
				rt.Fatalf("file %d leaves changes: %v\n%s", i+1, s.Plan.Changes[0], last)
			}
		}
		if err := r.Destroy(Load(t, last)); err != nil {
			rt.Fatalf("cannot be destroyed: %v\n%s", err, last)
		}
	})
}
