package service

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/document"
)

// members are the names of an input as the API writes them.
func members(in any) []string {
	var out []string
	for f := range reflect.TypeOf(in).Fields() {
		if f.IsExported() {
			out = append(out, strings.ToLower(f.Name[:1])+f.Name[1:])
		}
	}
	return out
}

// taken tells whether an input takes a member of that name, whatever its value is.
func taken[I any](name string) error {
	_, err := Input[I](document.Value{Kind: document.Object, Members: []document.Member{{Name: name, Value: document.Value{Kind: document.Null}}}})
	return err
}

func TestEveryMemberOfTheAPIHasAPlaceInTheSDK(t *testing.T) {
	for _, c := range []struct {
		in    any
		taken func(string) error
	}{
		{ecs.RegisterTaskDefinitionInput{}, taken[ecs.RegisterTaskDefinitionInput]},
		{ecs.CreateServiceInput{}, taken[ecs.CreateServiceInput]},
		{ecs.UpdateServiceInput{}, taken[ecs.UpdateServiceInput]},
		{ecs.RunTaskInput{}, taken[ecs.RunTaskInput]},
		{ecs.StopServiceDeploymentInput{}, taken[ecs.StopServiceDeploymentInput]},
		{ecs.TagResourceInput{}, taken[ecs.TagResourceInput]},
	} {
		for _, name := range members(c.in) {
			if err := c.taken(name); err != nil {
				t.Errorf("%T: %s: %v", c.in, name, err)
			}
		}
	}
}

func TestAMemberThatTheSDKDoesNotKnowIsNotDropped(t *testing.T) {
	for _, text := range []string{`{"famly": "x"}`, `{"containerDefinitions": [{"imag": "x"}]}`} {
		v, err := document.Parse("f", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if in, err := Input[ecs.RegisterTaskDefinitionInput](v); err == nil {
			t.Errorf("%s became %+v", text, in)
		}
	}
}

func TestARichDefinitionBecomesTheSDKsInput(t *testing.T) {
	v, err := document.Parse("f", []byte(`{"family": "web", "cpu": "256", "runtimePlatform": {"cpuArchitecture": "ARM64"}, "tags": [{"key": "a", "value": "b"}],
		"containerDefinitions": [{"name": "web", "image": "i", "memory": 64, "essential": true, "dockerLabels": {"Keep.Case": "x"},
		"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}}, "portMappings": [{"containerPort": 80, "protocol": "udp"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	in, err := Input[ecs.RegisterTaskDefinitionInput](v)
	if err != nil {
		t.Fatal(err)
	}
	c := in.ContainerDefinitions[0]
	if *in.Family != "web" || *c.Memory != 64 || c.DockerLabels["Keep.Case"] != "x" || c.PortMappings[0].Protocol != "udp" || *in.Tags[0].Key != "a" ||
		in.RuntimePlatform.CpuArchitecture != "ARM64" || c.LogConfiguration.Options["awslogs-group"] != "g" {
		t.Errorf("%+v", in)
	}
}
