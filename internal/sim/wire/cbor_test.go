package wire_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/cbor"

	"berth/internal/sim/wire"
	"berth/internal/sim/wire/wiretest"
)

// rpc makes a request of Smithy's RPC v2 protocol to CloudWatch.
func rpc(operation string, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/service/GraniteServiceVersion20100801/operation/"+operation, bytes.NewReader(body))
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	return r
}

// watching answers CloudWatch's calls with nothing and keeps the last input.
func watching(in *any) http.Handler {
	return serve(func(_ wire.Envelope, got any) (any, error) { *in = got; return nil, nil }, "cloudwatch")
}

func TestCBORValuesOfEveryFormAreRead(t *testing.T) {
	datum := func(value ...byte) []byte { // {"MetricData": [{"Value": …}]}
		b := append([]byte{0xa1}, cbor.Encode(cbor.String("MetricData"))...)
		b = append(b, 0x81, 0xa1)
		b = append(b, cbor.Encode(cbor.String("Value"))...)
		return append(b, value...)
	}
	for _, test := range []struct {
		value []byte
		want  float64
	}{
		{[]byte{0x05}, 5},
		{[]byte{0x18, 0xff}, 255},
		{[]byte{0x1b, 0, 0, 0, 1, 0, 0, 0, 0}, 1 << 32},
		{[]byte{0x20}, -1},
		{[]byte{0x39, 0x01, 0x00}, -257},
		{[]byte{0xf9, 0x3c, 0x00}, 1},
		{[]byte{0xf9, 0xc0, 0x00}, -2},
		{[]byte{0xf9, 0x00, 0x01}, math.Ldexp(1, -24)},
		{[]byte{0xf9, 0x7c, 0x00}, math.Inf(1)},
		{[]byte{0xfa, 0x3f, 0xc0, 0, 0}, 1.5},
		{[]byte{0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0}, 1.5},
	} {
		var got any
		status, body := post(t, watching(&got), rpc("PutMetricData", datum(test.value...)))
		in, ok := got.(*cloudwatch.PutMetricDataInput)
		if status != 200 || !ok || len(in.MetricData) != 1 || aws.ToFloat64(in.MetricData[0].Value) != test.want {
			t.Errorf("% x: %d %q %+v, want %v", test.value, status, body, got, test.want)
		}
	}
}

func TestIndefiniteLengthsAndNullsAreRead(t *testing.T) {
	text := func(s string) string { return string(cbor.Encode(cbor.String(s))) }
	body := "\xbf" + text("AlarmNames") + "\x9f" + "\x7f" + text("hi") + text("gh") + "\xff" + text("low") + "\xff" +
		text("ActionPrefix") + "\xf6" + text("Unheard") + "\x9f\xa1" + text("a") + "\x41x\xf7\xff" + "\xff"
	var got any
	status, answer := post(t, watching(&got), rpc("DescribeAlarms", []byte(body)))
	in, ok := got.(*cloudwatch.DescribeAlarmsInput)
	if status != 200 || !ok || fmt.Sprint(in.AlarmNames) != "[high low]" || in.ActionPrefix != nil {
		t.Errorf("%d %q %+v", status, answer, got)
	}
}

func TestCBORThatLiesIsRefused(t *testing.T) {
	key := string(cbor.Encode(cbor.String("AlarmNames")))
	deep := strings.Repeat("\x81", 100_000)
	for name, body := range map[string]string{
		"cut off in a map":              "\xa1",
		"cut off in a text":             "\xa1\x65ab",
		"a text longer than memory":     "\xa1" + key + "\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
		"a list longer than memory":     "\xa1" + key + "\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
		"a map longer than the message": "\xba\xff\xff\xff\xff",
		"nested too deeply":             "\xa1" + key + deep,
		"nested too deeply, unasked":    "\xa1\x61x" + deep,
		"more values than a million":    "\xa1\x61x\x9a\x00\x20\x00\x00" + strings.Repeat("\x80", 2<<20),
		"no end":                        "\xbf",
		"a break out of place":          "\xa1" + key + "\xff",
		"a reserved initial byte":       "\xa1" + key + "\x1c",
		"a key that is a number":        "\xa1\x01\x01",
		"a text that is not UTF-8":      "\xa1" + key + "\x81\x61\xff",
		"bytes for a text":              "\xa1" + key + "\x81\x41a",
		"a chunk that is no text":       "\xa1" + key + "\x81\x7f\x41a\xff",
		"an unknown tag":                "\xa1" + key + "\xc2\x41a",
		"a time that is a list":         "\xa1" + key + "\xc1\x80",
		"an unknown simple value":       "\xa1" + key + "\xe0",
		"two messages":                  "\xa0\xa0",
		"a list for a message":          "\x80",
	} {
		t.Run(name, func(t *testing.T) {
			var got any
			status, answer := post(t, watching(&got), rpc("DescribeAlarms", []byte(body)))
			if status != 400 || !strings.Contains(answer, "SerializationException") || got != nil {
				t.Errorf("%d %q %+v", status, answer, got)
			}
		})
	}
}

func TestTimesInCBORAreSecondsSince1970(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 250e6, time.UTC)
	body := cbor.Encode(cbor.Map{"StartDate": &cbor.Tag{ID: 1, Value: cbor.Float64(float64(at.UnixMilli()) / 1000)}})
	var got any
	status, answer := post(t, watching(&got), rpc("DescribeAlarmHistory", body))
	if in, ok := got.(*cloudwatch.DescribeAlarmHistoryInput); status != 200 || !ok || !aws.ToTime(in.StartDate).Equal(at) {
		t.Errorf("%d %q %+v", status, answer, got)
	}
	nan := cbor.Encode(cbor.Map{"StartDate": &cbor.Tag{ID: 1, Value: cbor.Float64(math.NaN())}})
	if status, _ := post(t, watching(&got), rpc("DescribeAlarmHistory", nan)); status != 400 {
		t.Errorf("a time that is no number: %d", status)
	}
}

func TestLargeMetricsComeCompressed(t *testing.T) {
	var got any
	h := serve(func(_ wire.Envelope, in any) (any, error) { got = in; return nil, nil }, "cloudwatch")
	zipped := false
	cfg := wiretest.Config(roundTripper(func(r *http.Request) (*http.Response, error) {
		zipped = r.Header.Get("Content-Encoding") == "gzip"
		return h.RoundTripper().RoundTrip(r)
	}))
	cfg.RequestMinCompressSizeBytes = 10_240
	data := make([]watchtypes.MetricDatum, 1000)
	for i := range data {
		data[i] = watchtypes.MetricDatum{MetricName: aws.String(fmt.Sprintf("metric-%d", i)), Value: aws.Float64(float64(i))}
	}
	_, err := cloudwatch.NewFromConfig(cfg).PutMetricData(context.Background(), &cloudwatch.PutMetricDataInput{Namespace: aws.String("n"), MetricData: data})
	in, ok := got.(*cloudwatch.PutMetricDataInput)
	if err != nil || !zipped || !ok || len(in.MetricData) != 1000 || aws.ToString(in.MetricData[999].MetricName) != "metric-999" {
		t.Errorf("%v, compressed %v, %T", err, zipped, got)
	}
}

// roundTripper is a transport made of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestACompressedBodyMayNotUnfoldWithoutEnd(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range 20 {
		_, _ = w.Write(make([]byte, 1<<20)) // memory
	}
	_ = w.Close() // memory
	var got any
	r := rpc("PutMetricData", b.Bytes())
	r.Header.Set("Content-Encoding", "gzip")
	if status, _ := post(t, watching(&got), r); status != http.StatusRequestEntityTooLarge || got != nil {
		t.Errorf("20 MB in %d bytes: %d", b.Len(), status)
	}
	r = rpc("PutMetricData", []byte("not gzip"))
	r.Header.Set("Content-Encoding", "gzip")
	if status, _ := post(t, watching(&got), r); status != http.StatusBadRequest || got != nil {
		t.Errorf("not gzip: %d", status)
	}
}

func TestAnswersInCBORSayTheirProtocol(t *testing.T) {
	for name, h := range map[string]http.Handler{"an answer": everything(), "a refusal": refuse(wire.Errorf("X", "y"))} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, rpc("DescribeAlarms", nil))
		if w.Header().Get("Smithy-Protocol") != "rpc-v2-cbor" || w.Header().Get("Content-Type") != "application/cbor" {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}

func TestCBORThatNobodyServesIsRefused(t *testing.T) {
	other := rpc("DescribeAlarms", nil)
	other.Header.Set("Smithy-Protocol", "rpc-v2-json")
	get := rpc("DescribeAlarms", nil)
	get.Method = http.MethodGet
	elsewhere := httptest.NewRequest(http.MethodPost, "/service/Other/operation/DescribeAlarms", nil)
	elsewhere.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	root := httptest.NewRequest(http.MethodPost, "/", nil)
	root.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	for name, r := range map[string]*http.Request{
		"another protocol": other, "another method": get, "another service": elsewhere, "no path": root, "no operation": rpc("Fly", nil),
	} {
		if status, body := post(t, everything(), r); status != 400 || !strings.Contains(body, "UnknownOperationException") {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
}

// Smithy, "AWS query compatible": clients of a service that was a query service once go on seeing its old codes.
func TestRefusalsKeepTheirOldCodesInEveryFraming(t *testing.T) {
	cfg := wiretest.Config(refuse(wire.Errorf("QueueDoesNotExist", "no queue")).RoundTripper())
	_, err := sqs.NewFromConfig(cfg).GetQueueUrl(context.Background(), &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
	gone, ok := errors.AsType[*sqstypes.QueueDoesNotExist](err)
	if !ok || gone.ErrorCode() != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("SQS in JSON: %v", err)
	}
	status, body := post(t, refuse(wire.Errorf("QueueDoesNotExist", "no queue")), form("Action=GetQueueUrl&Version=2012-11-05"))
	if status != 400 || !strings.Contains(body, "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>") {
		t.Errorf("SQS in query: %d %s", status, body)
	}
	cfg = wiretest.Config(refuse(wire.Errorf("InvalidParameterValueException", "bad")).RoundTripper())
	_, err = cloudwatch.NewFromConfig(cfg).DescribeAlarms(context.Background(), nil)
	if bad, ok := errors.AsType[*watchtypes.InvalidParameterValueException](err); !ok || bad.ErrorCode() != "InvalidParameterValue" {
		t.Errorf("CloudWatch in CBOR: %v", err)
	}
	status, body = post(t, refuse(wire.Errorf("Unheard", "of")), form("Action=DescribeAlarms&Version=2010-08-01"))
	if status != 400 || !strings.Contains(body, "<Code>Unheard</Code>") {
		t.Errorf("a code without another: %d %s", status, body)
	}
	_, err = cloudwatch.NewFromConfig(wiretest.Config(refuse(wire.Errorf("Throttling", "x")).RoundTripper())).DescribeAlarms(context.Background(), nil)
	if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != "Throttling" || api.ErrorMessage() != "x" {
		t.Errorf("a code that CloudWatch does not list: %v", err)
	}
}

func TestSQSFormsAreFlat(t *testing.T) {
	var got any
	h := serve(func(_ wire.Envelope, in any) (any, error) {
		got = in
		return &sqs.ReceiveMessageOutput{Messages: []sqstypes.Message{{
			Body: aws.String("b"), Attributes: map[string]string{"SenderId": "me"},
		}}}, nil
	}, "sqs")
	status, body := post(t, h, form("Action=ReceiveMessage&Version=2012-11-05&AttributeName.1=All&MessageAttributeName.1=x&QueueUrl=q"))
	in, ok := got.(*sqs.ReceiveMessageInput)
	if status != 200 || !ok || len(in.AttributeNames) != 1 || in.MessageSystemAttributeNames != nil || in.MessageAttributeNames[0] != "x" { //nolint:staticcheck // old clients know no other name
		t.Errorf("%d %+v", status, got)
	}
	if want := "<ReceiveMessageResult><Message><Attribute><Name>SenderId</Name><Value>me</Value></Attribute><Body>b</Body></Message></ReceiveMessageResult>"; !strings.Contains(body, want) {
		t.Errorf("%s, want %s", body, want)
	}
}

func TestMembersThatQueryCannotCarryAreLeftOut(t *testing.T) {
	h := serve(func(wire.Envelope, any) (any, error) {
		return &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []watchtypes.MetricAlarm{{AlarmName: aws.String("a")}}}, nil
	}, "cloudwatch")
	_, body := post(t, h, form("Action=DescribeAlarms&Version=2010-08-01"))
	if want := "<MetricAlarms><member><AlarmName>a</AlarmName></member></MetricAlarms>"; !strings.Contains(body, want) {
		t.Errorf("%s, want %s", body, want)
	}
}

func FuzzCBORRequests(f *testing.F) {
	f.Add("PutMetricData", cbor.Encode(cbor.Map{"Namespace": cbor.String("n"), "MetricData": cbor.List{cbor.Map{"Value": cbor.Float64(1)}}}), false)
	f.Add("DescribeAlarmHistory", cbor.Encode(cbor.Map{"StartDate": &cbor.Tag{ID: 1, Value: cbor.Uint(1)}}), false)
	f.Add("DescribeAlarms", []byte("\xbf\x6aAlarmNames\x9f\x7f\x61a\xff\xff\xff"), false)
	f.Add("DescribeAlarms", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"), true)
	f.Add("PutMetricAlarm", []byte("\xa1\x69Threshold\xf9\x7e\x00"), false)
	h := everything()
	f.Fuzz(func(t *testing.T, operation string, body []byte, zipped bool) {
		r := rpc("x", body)
		r.URL.Path = "/service/GraniteServiceVersion20100801/operation/" + operation
		if zipped {
			r.Header.Set("Content-Encoding", "gzip")
		}
		mustAnswer(t, h, r)
	})
}
