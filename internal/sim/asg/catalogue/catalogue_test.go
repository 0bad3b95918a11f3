package catalogue

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"berth/internal/sim/world"
)

// Auto Scaling API reference, the examples of each operation.
func TestCatalogueTellsTheNamesThatAWSHas(t *testing.T) {
	w := world.New(1)
	r := w.Region("eu-west-1")
	r.AutoScaling.Configurations.Put("a", &world.LaunchConfiguration{})
	r.Quotas = map[string]int{"L-CDE20ADC": 700}
	for name, words := range map[string]string{ // unordered: each is asked by itself
		"DescribeAccountLimits":                `"MaxNumberOfAutoScalingGroups":700 "MaxNumberOfLaunchConfigurations":200 "NumberOfAutoScalingGroups":0 "NumberOfLaunchConfigurations":1`,
		"DescribeAdjustmentTypes":              `ChangeInCapacity ExactCapacity PercentChangeInCapacity`,
		"DescribeAutoScalingNotificationTypes": `autoscaling:EC2_INSTANCE_LAUNCH_ERROR autoscaling:TEST_NOTIFICATION`,
		"DescribeLifecycleHookTypes":           `autoscaling:EC2_INSTANCE_LAUNCHING autoscaling:EC2_INSTANCE_TERMINATING`,
		"DescribeMetricCollectionTypes":        `GroupStandbyInstances 1Minute`,
		"DescribeScalingProcessTypes":          `AZRebalance HealthCheck ReplaceUnhealthy ScheduledActions`,
		"DescribeTerminationPolicyTypes":       `OldestLaunchConfiguration AllocationStrategy Default`,
	} {
		op := Operations()[name]
		out, err := op.Run(&world.Call{World: w, Region: r}, reflect.New(op.In).Interface())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		for word := range strings.FieldsSeq(words) {
			if !strings.Contains(string(b), word) {
				t.Errorf("%s does not tell %s: %s", name, word, b)
			}
		}
	}
}
