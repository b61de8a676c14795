import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
} from '../../shared/encoding/onnx/onnx_pb.ts';
import { numbersOf } from './protobuf.ts';

// Numbers of the fields of an ONNX file, to write odd ones by hand.
export const modelField = numbersOf(ModelProtoSchema);
export const opsetField = numbersOf(OperatorSetIdProtoSchema);
export const graphField = numbersOf(GraphProtoSchema);
export const nodeField = numbersOf(NodeProtoSchema);
export const attributeField = numbersOf(AttributeProtoSchema);
export const tensorField = numbersOf(TensorProtoSchema);
export const valueInfoField = numbersOf(ValueInfoProtoSchema);
export const typeField = numbersOf(TypeProtoSchema);
export const tensorTypeField = numbersOf(TypeProto_TensorSchema);
export const shapeField = numbersOf(TensorShapeProtoSchema);
export const dimensionField = numbersOf(TensorShapeProto_DimensionSchema);
