package config_test

import (
	"slices"
	"testing"

	"berth/internal/config"
)

func TestWithoutNATGatewaysInstancesGetTheEndpointsThatTheyNeed(t *testing.T) {
	c := load(t, minimal+"nat = \"none\"\nvpc_endpoints = [\"s3\", \"sqs\", \"ecs\"]\n")
	var got []string
	for _, e := range c.Endpoints {
		got = append(got, e.Service)
		want := "nat"
		switch e.Service {
		case "sqs":
			want = "vpc_endpoints[1]"
		case "ecs":
			want = "vpc_endpoints[2]"
		}
		if e.Setting != want || c.Where(e.Setting).Line == 0 {
			t.Errorf("%s is asked for by %q, line %d", e.Service, e.Setting, c.Where(e.Setting).Line)
		}
	}
	want := slices.Sorted(slices.Values(append(config.InstanceServices(), "sqs")))
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWhatInstancesNeedIsKnownByName(t *testing.T) {
	for _, s := range config.InstanceServices() {
		load(t, minimal+"vpc_endpoints = [\""+s+"\"]\n")
	}
}

func TestGatewayEndpointsNeedNoRoomInTheSubnets(t *testing.T) {
	load(t, minimal+"load_balancers = {}\nvpc_endpoints = [\"dynamodb\", \"s3\"]\nprivate_subnet_cidrs = [\"10.0.50.0/28\", \"10.0.51.0/28\"]\n")
}

func TestFlowLogsAreOffUnlessAskedFor(t *testing.T) {
	for text, want := range map[string]config.FlowLogs{
		"":                                      {Seconds: 600},
		`flow_logs = "none"`:                    {Seconds: 600},
		`flow_logs = "cloudwatch"`:              {To: "cloudwatch", Seconds: 600},
		`flow_logs = "arn:aws:s3:::archive/a/"`: {To: "arn:aws:s3:::archive/a/", Seconds: 600},
	} {
		got := load(t, minimal+text+"\n").FlowLogs
		if got != want || got.On() != (want.To != "") {
			t.Errorf("%s: %+v", text, got)
		}
		if bucket := got.Bucket(); want.To == "cloudwatch" && bucket != "" {
			t.Errorf("%s goes to %s", text, bucket)
		}
	}
}
