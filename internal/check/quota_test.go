package check_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/check"
	"berth/internal/model"
	"berth/internal/plan"
)

func limits() map[string]model.Quota {
	return map[string]model.Quota{
		"L-F678F1CE": {Name: "VPCs per Region", Limit: 5, Used: 5},
		"L-0263D0A3": {Name: "EC2-VPC Elastic IPs", Limit: 5, Used: 3},
		"L-53DA6B97": {Name: "Application Load Balancers per Region", Limit: 50, Used: 48},
	}
}

func TestAllExceededQuotasAreNamedWithTheirFigures(t *testing.T) {
	err := check.Quotas(limits(), map[string]int{"L-F678F1CE": 1, "L-0263D0A3": 3, "L-53DA6B97": 2})
	var q *check.Quota
	if !errors.As(err, &q) {
		t.Fatalf("%v is no *Quota", err)
	}
	want := "the account may not have as much as the plan makes: " +
		"EC2-VPC Elastic IPs (L-0263D0A3): 5 at most, 3 in use, 3 more needed; VPCs per Region (L-F678F1CE): 5 at most, 5 in use, 1 more needed"
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	hints := []string{
		"ask AWS for more: aws service-quotas request-service-quota-increase --region REGION --service-code ec2 --quota-code L-0263D0A3 --desired-value 6",
		`or need a single address instead of one per zone: nat = "single" (see berth explain HA105)`,
		"ask AWS for more: aws service-quotas request-service-quota-increase --region REGION --service-code vpc --quota-code L-F678F1CE --desired-value 6",
	}
	if got := q.Hints(); !slices.Equal(got, hints) {
		t.Errorf("hints:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(hints, "\n"))
	}
}

func TestNoSingleGatewayIsAdvisedWhereNotOneAddressIsLeft(t *testing.T) {
	for _, one := range []struct{ used, needed int }{{5, 3}, {5, 1}} {
		var q *check.Quota
		err := check.Quotas(map[string]model.Quota{"L-0263D0A3": {Limit: 5, Used: one.used}}, map[string]int{"L-0263D0A3": one.needed})
		if !errors.As(err, &q) || len(q.Hints()) != 1 {
			t.Errorf("%+v: %v", one, err)
		}
	}
}

// The service's name in Service Quotas, for every quota that a plan can meet.
func TestHintsNameTheServiceOfEachQuota(t *testing.T) {
	services := map[model.Kind]string{
		model.KindVPC: "vpc", model.KindInternetGateway: "vpc", model.KindElasticIP: "ec2",
		model.KindLoadBalancer: "elasticloadbalancing", model.KindClassic: "elasticloadbalancing",
	}
	for _, kind := range model.Kinds() {
		code := plan.QuotaOf(kind)
		if code == "" {
			continue
		}
		var q *check.Quota
		err := check.Quotas(map[string]model.Quota{code: {Limit: 1, Used: 1}}, map[string]int{code: 1})
		if !errors.As(err, &q) || !strings.Contains(q.Hints()[0], "--service-code "+services[kind]+" --quota-code "+code) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestSafetyAPlanPassesExactlyWhenEveryKnownQuotaHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom([]string{"L-F678F1CE", "L-0263D0A3", "L-53DA6B97", "L-E9E9831D"})
		limits := map[string]model.Quota{}
		for _, c := range rapid.SliceOf(code).Draw(t, "limits") {
			limits[c] = model.Quota{Limit: rapid.IntRange(0, 6).Draw(t, "limit"), Used: rapid.IntRange(0, 8).Draw(t, "used")}
		}
		demand := rapid.MapOf(code, rapid.IntRange(0, 4)).Draw(t, "demand")
		var over []string
		for _, c := range slices.Sorted(maps.Keys(demand)) {
			if l, known := limits[c]; known && demand[c] > 0 && l.Used+demand[c] > l.Limit {
				over = append(over, c)
			}
		}
		err := check.Quotas(limits, demand)
		var q *check.Quota
		if !errors.As(err, &q) {
			if err != nil || len(over) > 0 {
				t.Fatalf("%v, and %v are exceeded", err, over)
			}
			return
		}
		var named []string
		for _, e := range q.Exceeded {
			named = append(named, e.Code)
		}
		if !slices.Equal(named, over) {
			t.Fatalf("named %v, exceeded %v", named, over)
		}
	})
}
