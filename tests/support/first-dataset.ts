/** Hash of the dataset below. */
export const firstFormatHash = '47566dbd6fc7c927f0f7b7d08f692b51901a7fe23828564cfa748f0b3993ad13';

/** A snapshot as it was written in the first format: forty simulated rows with incidents, scammers and weights. */
export const firstFormatSnapshot: Uint8Array = Buffer.from(
  [
    'H4sIAAAAAAAAA7VYWW/jyBF+z68Qah7y0sP0fRA5gGSTbIAku5jNIg+GIDTJpsUMD4WHvMbA/33RPCQeku3MIjZskM3uOr/6qsgv',
    'kFZ1YVsIoeraU9W0QWJb27j2NwQQHG1zhBC4ElImUSLTWMWGqhSnKlIJ1qk0NBLEYGJV6ijTVAvJ49QqrlMcMWOYTQgDBKe6SrPc',
    'QfgFbNvWWdS1runvms8uOdSuqFp3sHHsmn45ysoGwgcoK0Dw7BrYI4irrmz9KiWImT2CImuarHyEkCCo2qOrIcQvfl/Z2rg9FFk5',
    'aZnE/VYAAhEEBAMCgoOA+guKg4D7C46DQPuL3/9O44VKjGggEMWIqEAg/8cCsTABL2woqtI9H3rnFvqpN4CKIFD+QnlTRG+LwEHA',
    'sL9kGAeB6i+VvyQCDyb1F3OjCCIUERKI6R8iCC+MYgujmraqnw9tlS9sOmd11wCCPItdGTtAULu0KxNA0HRRE9fZqc2qsl8/2ayG',
    'SeYiJTwQyKApOP6OzC1RM0NeENTVUwOhJAia+OgK6+3JEgghropTbjMvFMHZ1Y3XHBJvfFzVbkjFu373CDwKsngAgC0/H55c1GSt',
    'g5AQBEnVRbk7RFmeTxh6zNL2ENs6aSD06YYVLIn0i01cO1ce8ir+3PvVuLh28TOEGkF3yiDsIQJPdVU+HrLyXGWxV+ndPtXV2ZXW',
    'Rzn8AnGVd0Wfgz2CtK4KCKEvEgSlLZyvyTwJ4ubch/4/Lm57MPlYHC0VEsKyy3METVZ0ue0ftnXnEHRlbiOX534FX6LNsbfdFt45',
    'PQ/8vCAfvsBjXXUnCKF1Q2QQfM5Kn5uoqnJnPRB68RDCpz4+uyE+ux7tu7Sqrw7cqm4E/+1c00MqhG+yZNce3S62ee5qL8IL2NUL',
    'wW017KmKU9e6+g8emfa5z2tZQQhltTowt8STx2jIVjQMwaydjTw5DeFrsnLIGLoGY+SUazBi27rHqn6eReMHX167vrwuAZiV3MLv',
    'fx9tu3uyzcz5Xze7fnfv3j2bEJxt3o2ZmhT3Fbyr6t3Rxp+z8nGQA+PeaQN4f6Yj7qdTVrtkNxb95sREBvMzAy1sto5sMd85541d',
    '7Ur3ZPPNuQW5LPV4mvH+NK4+Z7HbnbMmaxcqeyKaH7Jlzy8bLQPrvOz93pHxBCLYUznHSHuauJvjsisiV88y/HdXPrbHXZWOeJz2',
    'F/YnCAn3FVZkJYT4kv91L1qA4NvqaZdX5eMumapg2L3LbdO+AYOuzHzX9upmrlGBlEBEYMQwRgpjfz33se9LVw+n28nBf/j7W4U8',
    '72cbH4ouPu76HT2kL8dfdeHFt4+url0ZZ9Mo8F0KIVBM5UdMPmI/gRRZWdXfu/qTS13tRuL807d/gdAwBH/+8ZPvvBjBX//4PYRa',
    'IfjbP/sl4Rd//OEbz/XqpW9p0/n+1AvaTj6ps21Xu48DM/YD0LYnNc9lVT4XvcG+X4ztYt47EPje4JLD0Ck81GctA8GpOnWnsX+s',
    'Ho1M6XFQV0MtLKmzdbY4Z+7Jd9LNw3PVxUdXr8x58WBJXN20VZX8a2qJD5vTixaJlg6trfQVf5hKbeSSw3WAmFriftXDn1z2eGz7',
    '2Lk0dXGbnR2EjAZKc8KxkYZI5tFYP7qmHZtw0xV+VHh5+dXDiA3ZY+PBk+Ewu1CGqMEBV5IYSbXBkoo98uMQfKCWUmujGDMj0pRL',
    'QH3XfFj4tF/f79fK8GxAIhQxHWAjKFOKEcOYMHyPhhnxlkb4kFKX6kRhzrClXMaAHrxOPy8sddGlYwQRRQJOtVBMYs2M5nzyLJY4',
    '5UQklnIc85RPnu3Rw2sy+02cBloowhnHFBsjiRfqze+fvksOp0iLQBFOtdSYE2Mo9UEgcxkrlO23KwsNbKGBGcSkDKSUUkhuPETk',
    'DTvf1IFuxHnUNI26hPXCBvtvhRY+SIvjiFuqYpcmPE3gf/aODzovOBoyMeZXaMaNxOaS3jSmFGNHUhlhikV8N72j2KHTIYIJIpjx',
    'gGhltKaaTLUwD9mi2PebhYV8Mcjv0ShEIPyPogIbJYWciYYPSjqhtcNxGqUscgq+TtO10DgiGgfrQiNjob07QnIo4EUBYB54usBE',
    'C8GlVtsgbcSoQQwgzhFnJJCUGUa05lMgBrOsSEhKpUqpkVSk5F2McwujelENio4QHeBxV8sa+1cyfuXZRi++1kYv90Ya8BvhWokh',
    'AhFJAoO5ElwyLRXRemLNEUC3aXIp1qxBIhBfyTVTkJyiSgguDEuIIfQ+RZol7WLEuQo8PLjBitIL0O+LXPfPLTW8vmFujv888TC+',
    '3C1ewYWZ0dQrse8FXP3xnwlGIlVECWqoUYvIfz2RErLKMkWMmABzJbHilFwKCz64SHAWMcsMxSZKzR1S3fhCFtVLpEFKBmST76H4',
    'tkruRIgOUpfxlZfwDtIUlYmJhUiNiEjE1UzajVDQiR8oRYQHtO+whBuuBDZ62xuXnwj225W3DWYYEcYCxhijmnKFFWZvEhkZm99K',
    'lF7wy9b12/y+oZQVyb36fGEVn5A0fGUi4p1YF6tzDBGqAx97KpkhEhNfvVu0z4nxJhESsRwSuEFE0IBpbAQ2VCnGmb7wMVMCM6ES',
    'RlQaW3uPF1bfnW4Qw3rHwiS5ZT8iVOCnMEGVZhQzQrf9/hc3hUnxlVEmsLxO32/0/1uMIrfj6qLxvSvQr08aRF1mGoHWKR0YayAA',
    'P9pKjrmWaUR5dDer83jee3TLgEseuVk4eU/vBvx6gugAfkZmYl4rGn2LAqhBfHyz4YJJwqgmiwHv7Rn4a6Blbtoi0I03n1/0ejEp',
    'Wgw2xH8fGYLOhJXCv4lGOop0Iv8vrd1s0U2mZsGIERpjpa8AvGvT4v38LRJ+9+Yb9UiXswTlaOIbKYwyGDNz9+XxZ/GgV3VgGgAA',
  ].join(''),
  'base64',
);
