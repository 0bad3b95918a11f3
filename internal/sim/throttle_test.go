package sim_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"berth/internal/sim/world"
)

// until calls f until it is refused and gives how often it was not, and the refusal.
func until(f func() error) (int, error) {
	for n := range 1000 {
		if err := f(); err != nil {
			return n, err
		}
	}
	return 1000, nil
}

func TestEC2RefusesOneReadTooManyWith503(t *testing.T) {
	s, c := embedded(1)
	read := func() error { _, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}); return err }
	n, err := until(read)
	refused(t, err, "RequestLimitExceeded")
	if answer, ok := errors.AsType[*smithyhttp.ResponseError](err); n != 100 || !ok || answer.HTTPStatusCode() != 503 {
		t.Errorf("%d calls went through, then %v", n, err)
	}
	if _, err := c.ec2.DescribeSubnets(ctx(), &ec2.DescribeSubnetsInput{}); err != nil {
		t.Errorf("another operation is refused too: %v", err)
	}
	if err := s.Sleep(ctx(), time.Second); err != nil {
		t.Fatal(err)
	}
	if n, _ := until(read); n != 20 {
		t.Errorf("%d calls went through one second later, want 20", n)
	}
}

func TestECSRefusesOneChangeTooManyOfACategory(t *testing.T) {
	_, c := embedded(1)
	n, err := until(func() error {
		_, err := c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
		return err
	})
	refused(t, err, "ThrottlingException")
	if n != 20 {
		t.Errorf("%d calls went through, want 20", n)
	}
	_, err = c.ecs.DeleteCluster(ctx(), &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
	refused(t, err, "ThrottlingException")
	if _, err := c.ecs.DescribeClusters(ctx(), &ecs.DescribeClustersInput{}); err != nil {
		t.Errorf("a read is refused too: %v", err)
	}
}

func TestRefusedCallHasNoEffect(t *testing.T) {
	s, c := embedded(1)
	s.With(func(w *world.World) { w.Region("eu-west-1").Quotas = map[string]int{"L-F678F1CE": 1000} }) // VPCs
	n, err := until(func() error { _, err := c.createVPC(); return err })
	refused(t, err, "RequestLimitExceeded")
	if got := c.vpcs(t); got != n || n != 50 {
		t.Errorf("%d calls went through and made %d VPCs, want 50", n, got)
	}
}

func TestNoLimitLetsEverythingThrough(t *testing.T) {
	s, c := embedded(1)
	s.With(func(w *world.World) { w.Tuning.NoLimit = true })
	if n, err := until(func() error { c.vpcs(t); return nil }); n != 1000 {
		t.Errorf("%d calls went through, then %v", n, err)
	}
}
