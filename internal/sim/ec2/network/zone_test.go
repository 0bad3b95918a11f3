package network

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestZonesHaveTheRealLetters(t *testing.T) {
	for region, want := range map[string]string{ // unordered: each case stands alone
		"us-east-1": "abcdef", "us-west-2": "abcd", "eu-west-1": "abc", "ap-northeast-1": "acd", "ca-central-1": "abd", "us-west-1": "ac",
		"xx-none-9": "abc",
	} {
		var got strings.Builder
		for _, z := range Zones(region) {
			got.WriteString(strings.TrimPrefix(z.Name, region))
		}
		if got.String() != want {
			t.Errorf("%s: %s, want %s", region, got.String(), want)
		}
	}
}

func TestZoneIDsAreDistinct(t *testing.T) {
	seen := map[string]string{}
	for _, g := range geographies {
		if len(g.letters) != len(g.digits) {
			t.Errorf("%s: %d letters, %d digits", g.region, len(g.letters), len(g.digits))
		}
		for _, z := range Zones(g.region) {
			if old, twice := seen[z.ID]; twice {
				t.Errorf("%s is %s and %s", z.ID, old, z.Name)
			}
			seen[z.ID] = z.Name
		}
	}
	if seen["euw1-az1"] != "eu-west-1a" {
		t.Errorf("euw1-az1 is %s", seen["euw1-az1"])
	}
}

func TestZonesAndRegionsAreListed(t *testing.T) {
	s := newSite(t)
	zones := ok(s, DescribeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{
		Filters: filters("opt-in-status", "opt-in-not-required", "state", "available", "region-name", "eu-west-1"),
	}).AvailabilityZones
	if len(zones) != 3 || *zones[2].ZoneName != "eu-west-1c" || *zones[2].ZoneId != "euw1-az3" || *zones[2].ZoneType != "availability-zone" {
		t.Errorf("zones: %+v", zones)
	}
	refused(s, DescribeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{ZoneNames: []string{"eu-west-1z"}}, "InvalidParameterValue", "eu-west-1z")
	refused(s, DescribeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{ZoneIds: []string{"euw9-az1"}}, "InvalidParameterValue", "euw9-az1")
	all := ok(s, DescribeRegions, &ec2.DescribeRegionsInput{}).Regions
	one := ok(s, DescribeRegions, &ec2.DescribeRegionsInput{RegionNames: []string{"eu-west-1"}}).Regions
	opted := ok(s, DescribeRegions, &ec2.DescribeRegionsInput{Filters: filters("opt-in-status", "opted-in")}).Regions
	if len(one) != 1 || *one[0].Endpoint != "ec2.eu-west-1.amazonaws.com" || len(opted) == 0 || len(opted) >= len(all) {
		t.Errorf("regions: %d, %d opted in, %+v", len(all), len(opted), one)
	}
	refused(s, DescribeRegions, &ec2.DescribeRegionsInput{RegionNames: []string{"mars-1"}}, "InvalidParameterValue", "mars-1")
}

func TestAccountAttributesTellTheLimits(t *testing.T) {
	s := newSite(t)
	s.Region.Quotas = map[string]int{"L-0263D0A3": 9}
	got := ok(s, DescribeAccountAttributes, &ec2.DescribeAccountAttributesInput{}).AccountAttributes
	values := map[string]string{}
	for _, a := range got {
		values[*a.AttributeName] = *a.AttributeValues[0].AttributeValue
	}
	if values["supported-platforms"] != "VPC" || values["max-elastic-ips"] != "9" || values["default-vpc"] != "none" {
		t.Errorf("got %v", values)
	}
	some := ok(s, DescribeAccountAttributes, &ec2.DescribeAccountAttributesInput{AttributeNames: []types.AccountAttributeName{"default-vpc"}}).AccountAttributes
	if len(some) != 1 || aws.ToString(some[0].AttributeName) != "default-vpc" {
		t.Errorf("got %+v", some)
	}
	refused(s, DescribeAccountAttributes, &ec2.DescribeAccountAttributesInput{AttributeNames: []types.AccountAttributeName{"x"}}, "InvalidParameterValue", "(x)")
}
