package shape

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/model"
)

func TestNothingThatCanBeSetOnATargetIsPassedOver(t *testing.T) {
	target := types.Target{}
	fields := reflect.ValueOf(&target).Elem()
	for i := range fields.NumField() {
		f := fields.Type().Field(i)
		if !f.IsExported() || f.Name == "Id" || f.Name == "Arn" {
			continue
		}
		fields.SetZero()
		target.Id, target.Arn = aws.String(model.EventTarget), aws.String("arn:aws:sqs:eu-west-1:123456789012:q")
		var plain, filled model.EventRule
		ReadTarget(model.Foreign, &plain, target)
		fields.Field(i).Set(reflect.New(f.Type.Elem()))
		if p, ok := reflect.TypeAssert[*string](fields.Field(i)); ok {
			*p = "something"
		}
		if in := target.InputTransformer; in != nil {
			in.InputTemplate = aws.String("something")
		}
		if dead := target.DeadLetterConfig; dead != nil {
			dead.Arn = aws.String("arn:aws:sqs:eu-west-1:123456789012:dead")
		}
		ReadTarget(model.Foreign, &filled, target)
		if reflect.DeepEqual(plain, filled) {
			t.Errorf("%s can be set behind berth's back, and nobody sees it", f.Name)
		}
	}
}
