package quotas

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func newCall() *world.Call {
	w := world.New(1)
	w.Attach(Handlers(), nil)
	return &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "servicequotas"}
}

func value(t *testing.T, c *world.Call, service, code string) float64 {
	t.Helper()
	out, err := GetServiceQuota(c, &servicequotas.GetServiceQuotaInput{ServiceCode: aws.String(service), QuotaCode: aws.String(code)})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Quota.Value
}

func ask(c *world.Call, service, code string, wish float64) error {
	_, err := RequestServiceQuotaIncrease(c, &servicequotas.RequestServiceQuotaIncreaseInput{
		ServiceCode: aws.String(service), QuotaCode: aws.String(code), DesiredValue: aws.Float64(wish),
	})
	return err
}

func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != code || e.Message != message {
		t.Fatalf("got %v, want %s: %s", err, code, message)
	}
}

func TestIncreaseIsGrantedAfterAMinuteInItsRegion(t *testing.T) {
	c := newCall()
	out, err := RequestServiceQuotaIncrease(c, &servicequotas.RequestServiceQuotaIncreaseInput{
		ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-F678F1CE"), DesiredValue: aws.Float64(12),
	})
	if err != nil || out.RequestedQuota.Status != "PENDING" || *out.RequestedQuota.DesiredValue != 12 {
		t.Fatalf("request is %+v (%v)", out, err)
	}
	refused(t, ask(c, "vpc", "L-F678F1CE", 15), "ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota.")
	c.Advance(59 * time.Second)
	if v := value(t, c, "vpc", "L-F678F1CE"); v != 5 {
		t.Errorf("after 59 s the quota is %v", v)
	}
	c.Advance(time.Second)
	if v := value(t, c, "vpc", "L-F678F1CE"); v != 12 || c.Region.Quota("L-F678F1CE") != 12 {
		t.Errorf("after a minute the quota is %v", v)
	}
	if n := c.World.Region("us-east-1").Quota("L-F678F1CE"); n != 5 {
		t.Errorf("another region's quota is %d", n)
	}
	d, err := GetAWSDefaultServiceQuota(c, &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: aws.String("vpc"), QuotaCode: aws.String("L-F678F1CE")})
	if err != nil || *d.Quota.Value != 5 {
		t.Errorf("default is %+v (%v)", d, err)
	}
	if err := ask(c, "vpc", "L-F678F1CE", 13); err != nil {
		t.Errorf("a second request after the first was granted: %v", err)
	}
}

func TestQuotaOfTheAccountHoldsInEveryRegion(t *testing.T) {
	c := newCall()
	if err := ask(c, "s3", "L-DC2B2D3D", 20000); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	other := &world.Call{World: c.World, Region: c.World.Region("ap-south-1")}
	if v := value(t, other, "s3", "L-DC2B2D3D"); v != 20000 {
		t.Errorf("quota elsewhere is %v", v)
	}
}

func TestQuotaRefusals(t *testing.T) {
	c := newCall()
	refused(t, ask(c, "vpc", "L-F678F1CE", 5), "IllegalArgumentException", "You must provide a quota value greater than the current quota value.")
	refused(t, ask(c, "vpc", "L-00000000", 5), "NoSuchResourceException", "The request failed because the specified quota does not exist.")
	refused(t, ask(c, "ec2", "L-F678F1CE", 9), "NoSuchResourceException", "The request failed because the specified quota does not exist.")
	refused(t, ask(c, "nonsense", "L-F678F1CE", 9), "NoSuchResourceException", "The request failed because the specified service does not exist.")
	_, err := GetServiceQuota(c, &servicequotas.GetServiceQuotaInput{ServiceCode: aws.String("vpc")})
	refused(t, err, "ValidationException", "1 validation error detected: Value null at 'quotaCode' failed to satisfy constraint: Member must not be null")
	_, err = ListServiceQuotas(c, &servicequotas.ListServiceQuotasInput{})
	refused(t, err, "ValidationException", "1 validation error detected: Value null at 'serviceCode' failed to satisfy constraint: Member must not be null")
	_, err = ListServices(c, &servicequotas.ListServicesInput{NextToken: aws.String("!")})
	refused(t, err, "InvalidPaginationTokenException", "Invalid NextToken.")
	_, err = ListServices(c, &servicequotas.ListServicesInput{MaxResults: aws.Int32(101)})
	refused(t, err, "IllegalArgumentException", "MaxResults must be between 1 and 100.")
}

func TestListingIsPagedAndShowsAppliedValues(t *testing.T) {
	c := newCall()
	c.Region.Quotas = map[string]int{"L-FE5A380F": 9}
	in := &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("vpc"), MaxResults: aws.Int32(3)}
	seen := map[string]float64{}
	pages := 0
	for ; ; pages++ {
		out, err := ListServiceQuotas(c, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range out.Quotas {
			seen[*q.QuotaCode] = *q.Value
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if seen["L-FE5A380F"] != 9 || seen["L-407747CB"] != 200 || len(seen) != 14 || pages != 4 {
		t.Errorf("after %d pages: %v", pages+1, seen)
	}
	all, err := ListAWSDefaultServiceQuotas(c, &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: aws.String("vpc")})
	if err != nil || len(all.Quotas) != 14 || *all.Quotas[2].Value != 5 || *all.Quotas[2].QuotaArn != "arn:aws:servicequotas:eu-west-1:123456789012:vpc/L-FE5A380F" {
		t.Errorf("defaults are %+v (%v)", all, err)
	}
}

func TestEveryQuotaBelongsToAListedService(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range world.QuotaKinds() {
		if _, ok := serviceName(k.Service); !ok || seen[k.Code] || k.Default <= 0 {
			t.Errorf("%s %s: service known %v, code seen before %v, default %d", k.Service, k.Code, ok, seen[k.Code], k.Default)
		}
		seen[k.Code] = true
	}
	out, err := ListServices(newCall(), &servicequotas.ListServicesInput{})
	if err != nil || len(out.Services) != 7 {
		t.Errorf("services are %+v (%v)", out, err)
	}
}
